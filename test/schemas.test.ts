import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import schema from '../schemas/ambit.schema.json' with { type: 'json' };
import { kinds } from '../src/parse/kinds.js';

it('is a draft-07 schema, as editors expect', () => {
  const ajv = new Ajv({ strict: false });
  expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
});

it('defines every kind that the compiler reads, and no other', () => {
  expect(schema.properties.kind.enum).toEqual([...kinds]);
  const branches = schema.allOf.map(({ if: condition }) => condition.properties.kind.const);
  expect([...branches].sort()).toEqual([...kinds].sort());
});
