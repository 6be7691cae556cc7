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
    help: 'write into another directory with `--output`, or over it with `--force`',
  },
} as const satisfies Record<string, CatalogueEntry>;
