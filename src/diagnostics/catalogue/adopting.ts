import type { CatalogueEntry } from '../entry.js';

/** What is said of a mesh that was there before its intents. */
export const adopting = {
  'import-left': {
    code: 'AMB7001',
    severity: 'warning',
    message: '{object} stays as it is: {because}',
  },
  'import-without-effect': {
    code: 'AMB7002',
    severity: 'info',
    message: '{object} says something that has no effect, and the intents leave it out: {because}',
  },
  'import-would-overwrite': {
    code: 'AMB7003',
    severity: 'error',
    message: '`{path}` is not what `ambit import` would write, and nothing is written over it',
    help: 'write into another directory with `--output`, or over it with `--force`, which gives up what it says',
  },
  'import-of-another-tool': {
    code: 'AMB7004',
    severity: 'warning',
    message: '{object} is applied by {tool}, which would bring it back once it is replaced or deleted',
    help: 'take it out of what {tool} applies, in that step of the hand-over',
  },
  'import-beside-network-policy': {
    code: 'AMB7005',
    severity: 'warning',
    message: '{object} stays, and the intents say for Istio whom it lets in',
    help: 'see first that the network plugin enforces NetworkPolicies: where it does not, the intents refuse calls that pass today',
  },
  'import-as-meant': {
    code: 'AMB7020',
    severity: 'warning',
    message: 'the intents say what {object} was meant to say, and that changes what happens: {accident}',
    help: 'read what it changes before the hand-over',
  },
  'import-of-accident': {
    code: 'AMB7021',
    severity: 'warning',
    message: '{object} does by accident what it does, and the import keeps it so: {accident}',
    help: 'import what was meant with `--as-meant`',
  },
} as const satisfies Record<string, CatalogueEntry>;
