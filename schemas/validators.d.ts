import type { ValidateFunction } from 'ajv';
import type { Kind } from '../src/parse/kinds.js';

/** The schema of each kind as code, which .ci/build/validators.mjs makes of ambit.schema.json. */
export const validators: Readonly<Record<Kind, ValidateFunction>>;
