// Writes schemas/validators.js: the schema of Ambit's documents as code, so that no start compiles it and nothing is
// evaluated at run time. Git ignores the file; the build and every run of the tests write it anew.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

const schemaPath = new URL('../../schemas/ambit.schema.json', import.meta.url);
const validatorsPath = new URL('../../schemas/validators.js', import.meta.url);

export function writeValidators() {
  const text = validators();
  if (text === current()) return;
  // Another run may be reading the file.
  const draft = new URL(`${validatorsPath.href}.${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, validatorsPath);
}

function validators() {
  const { $id, properties, definitions } = JSON.parse(readFileSync(schemaPath, 'utf8'));
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    // The schema is ours and checked by a test.
    strict: false,
    validateSchema: false,
    schemas: [{ $id, definitions }],
    code: { source: true, esm: true },
  });
  const kinds = properties.kind.enum.map((kind) => [kind, `${$id}#/definitions/${kind}`]);
  const code = standalone.default(ajv, Object.fromEntries(kinds));
  const names = properties.kind.enum.join();
  return `// Written by .ci/build/validators.mjs.\n${asModule(code)}export const validators={${names}};\n`;
}

/** What the code takes from ajv it asks for as CommonJS does; where a default export is found depends on who loads it. */
function asModule(code) {
  return code.replace(
    /const (\w+) = require\("([^"]+)"\)\.default;/g,
    (_, name, path) => `import ${name}Module from "${path}.js";const ${name} = ${name}Module.default ?? ${name}Module;`,
  );
}

function current() {
  try {
    return readFileSync(validatorsPath, 'utf8');
  } catch {
    return undefined;
  }
}
