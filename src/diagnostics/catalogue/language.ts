import type { CatalogueEntry } from '../entry.js';

/** The shape of Ambit's own documents. */
export const language = {
  'unknown-kind': {
    code: 'AMB1050',
    severity: 'error',
    message: '{kind} is not a kind of ambit.dev/v1alpha1',
    help: 'write one of {kinds}',
  },
  'unknown-api-version': {
    code: 'AMB1051',
    severity: 'error',
    message: '`{apiVersion}` is not a version that Ambit knows',
    help: 'write `apiVersion: ambit.dev/v1alpha1`',
  },
  'unknown-field': {
    code: 'AMB1052',
    severity: 'error',
    message: '`{field}` is not a field of {place}',
  },
  'missing-field': {
    code: 'AMB1053',
    severity: 'error',
    message: '{place} lacks {field}',
    help: 'add {field}',
  },
  'wrong-type': {
    code: 'AMB1054',
    severity: 'error',
    message: '{place} must be {expected}, not {found}',
  },
  'value-not-allowed': {
    code: 'AMB1055',
    severity: 'error',
    message: '{found} is not a value of {place}',
    help: 'write {allowed}',
  },
  'malformed-value': {
    code: 'AMB1056',
    severity: 'error',
    message: '{found} is not a valid {place}: {expected}',
  },
  'empty-list': {
    code: 'AMB1057',
    severity: 'error',
    message: '{place} is empty, which could mean all or none',
    help: 'write at least one item, or take `{field}` out',
  },
  'exactly-one': {
    code: 'AMB1058',
    severity: 'error',
    message: '{place} says more than one thing at once: {found}',
    help: 'keep one, and write the others as items of their own',
  },
  'unknown-flag': {
    code: 'AMB1059',
    severity: 'error',
    message: '`{flag}` is not a feature flag of istiod {version}',
  },
} as const satisfies Record<string, CatalogueEntry>;
