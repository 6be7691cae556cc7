import type { CatalogueEntry } from '../entry.js';

/** What cannot be written down as Kubernetes objects. */
export const emission = {
  'object-exists': {
    code: 'AMB4001',
    severity: 'error',
    message: '{kind} `{name}` exists already and is not Ambit’s; applying the output would replace it',
    help: 'rename or delete it',
  },
  'name-too-long': {
    code: 'AMB4002',
    severity: 'error',
    message: '{kind} `{name}` would have a name of {length} characters, and {limit} are the limit',
    help: 'shorten a name that it is made of: the service’s, the workload’s or the version’s',
  },
  'object-twice': {
    code: 'AMB4003',
    severity: 'error',
    message: 'two different things would be written as {kind} `{name}`',
    help: 'rename the service or the workload that it is named after',
  },
  'decided-elsewhere': {
    code: 'AMB4004',
    severity: 'error',
    message: '`{rule}` is {pin}, and {policy} decides at {point} about {requests}',
    help: 'drop `enforcement`, or take what it means out of the policy',
  },
  'decided-nowhere': {
    code: 'AMB4005',
    severity: 'error',
    message: '`{rule}` is {pin}, and nothing there decides about {requests}',
    help: 'drop `enforcement`, or close the way that the witness takes',
  },
} as const satisfies Record<string, CatalogueEntry>;
