import { readdirSync, readFileSync } from 'node:fs';
import { Ajv, type AnySchema } from 'ajv';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/cli/program.js';
import { runCli } from '../src/cli/run-cli.js';
import { verify } from '../src/pipeline.js';
import { proofToJson } from '../src/report/proof.js';
import { filesBelow, goldenCases } from './support/cases.js';
import { idleRuntime } from './support/idle-runtime.js';
import { memoryHost } from './support/memory-host.js';

/** The schema of what each command prints with `-o json`. */
const schemaOf: Readonly<Record<string, readonly string[]>> = {
  compile: ['check'],
  verify: ['verify'],
  test: ['test'],
  trace: ['trace'],
  topology: ['topology'],
  explain: ['effective', 'log-line', 'diff'],
  suggest: ['suggest'],
  diff: ['diff'],
  gate: ['gate'],
  drift: ['drift'],
  log: ['log'],
  report: ['mesh-report'],
  import: ['import'],
  migrate: ['report', 'migrate-plan', 'migrate-status'],
};

const names = readdirSync('schemas')
  .filter((file) => file.endsWith('.schema.json'))
  .map((file) => file.replace('.schema.json', ''));
const schemas = new Map<string, AnySchema>(
  names.map((name) => [name, JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'))]),
);
const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false, strictRequired: false });
const isAnswer = (name: string) => name !== 'ambit';
for (const name of names.filter(isAnswer)) ajv.addSchema(schemas.get(name) ?? {});

/** What is not as the schema says; nothing where all is. */
function faults(schema: string, answer: string): string {
  const isOfSchema = ajv.getSchema(`https://ambit.dev/schemas/${schema}.schema.json`);
  if (isOfSchema === undefined) throw new Error(`no schema ${schema}`);
  return isOfSchema(JSON.parse(answer)) ? '' : ajv.errorsText(isOfSchema.errors);
}

/** A host that has an example of the repository. */
function hostOf(example: string, more: Readonly<Record<string, string>> = {}) {
  const root = `examples/${example}`;
  const files = filesBelow(root).map((path) => [`/work${path.slice(root.length)}`, readFileSync(path, 'utf8')]);
  return memoryHost({ files: { ...Object.fromEntries(files), ...more } });
}

async function answer(example: string, argv: readonly string[], more?: Readonly<Record<string, string>>) {
  const host = hostOf(example, more);
  await runCli(argv, host);
  expect(host.stdout(), host.stderr()).not.toBe('');
  return host.stdout();
}

describe('what a program is answered', () => {
  it('has a schema, whatever it asks, and the page on formats leads to each', () => {
    const { commands } = createProgram(idleRuntime());
    const isJson = (argChoices: readonly string[] | undefined) => argChoices?.includes('json') === true;
    const answering = commands.filter(({ options }) => options.some(({ argChoices }) => isJson(argChoices)));
    expect(answering.map((command) => command.name()).sort()).toEqual(Object.keys(schemaOf).sort());
    expect(
      Object.values(schemaOf)
        .flat()
        .concat('ambit')
        .filter((name) => !names.includes(name)),
    ).toEqual([]);
    const page = readFileSync('docs/formats.md', 'utf8');
    expect(names.filter((name) => !page.includes(`(../schemas/${name}.schema.json)`))).toEqual([]);
  });

  const line = '2026-11-20T10:00:00Z error access connection complete src.addr=10.0.0.1:1 ';
  const asked = ['--from', 'orders/desk', '--to', 'payments/ledger:http'];

  it.each([
    ['check', 'hybrid-shop', ['compile', '--check', '-o', 'json']],
    ['check', 'bookshop', ['compile', '--check', '-o', 'json', '--output-dir', 'elsewhere']],
    ['check', 'bank', ['compile', '--check', '-o', 'json', '--no-verify', '--output-dir', 'elsewhere']],
    ['check', 'laboratory', ['compile', '--check', '-o', 'json']],
    ['verify', 'hybrid-shop', ['verify', '-o', 'json']],
    ['verify', 'bank', ['verify', '-o', 'json']],
    ['verify', 'hand-written', ['verify', '-o', 'json', '-f', 'clusters/']],
    ['test', 'hybrid-shop', ['test', '-o', 'json']],
    ['test', 'cinema', ['test', '-o', 'json']],
    ['trace', 'hybrid-shop', ['trace', '-o', 'json', ...asked, '--method', 'DELETE', '--path', '/v1/charges/1']],
    ['trace', 'hybrid-shop', ['trace', '-o', 'json', ...asked, '--tcp']],
    ['trace', 'hybrid-shop', ['trace', '-o', 'json', '--matrix', '--to', 'payments/ledger:http']],
    ['trace', 'hybrid-shop', ['trace', '-o', 'json', '--matrix', '--from', 'outside']],
    ['topology', 'hybrid-shop', ['topology', '-o', 'json']],
    ['topology', 'bank', ['topology', '-o', 'json']],
    ['effective', 'hybrid-shop', ['explain', '--effective', 'payments/ledger', '-o', 'json']],
    ['effective', 'bookshop', ['explain', '--effective', 'bookshop/catalog', '-o', 'json']],
    ['report', 'hand-written', ['migrate', 'check', '-f', 'clusters/', '-o', 'json']],
    ['migrate-plan', 'cinema', ['migrate', 'plan', '-o', 'json']],
    ['migrate-plan', 'laboratory', ['migrate', 'plan', '--to', 'sidecar', '-o', 'json']],
    ['migrate-status', 'hand-written', ['migrate', 'status', '-f', 'clusters/', '-o', 'json']],
    ['suggest', 'hybrid-shop', ['suggest', '--log', 'lines.log', '-o', 'json']],
  ] as const)('is of the schema `%s`: %s, %j', async (schema, example, argv) => {
    const stdout = await answer(example, argv, { '/work/lines.log': line });
    expect(faults(schema, stdout)).toBe('');
  });

  it('is of the schema of a proof, whatever is found otherwise', () => {
    const proofs = goldenCases('verify').flatMap(({ name, sources, applied, options }) => {
      const { proof } = verify(sources, { ...options, ...(applied.length > 0 && { applied }) });
      return proof === undefined ? [] : [{ name, text: proofToJson(proof) }];
    });
    expect(proofs.length).toBeGreaterThan(10);
    const wrong = proofs.map(({ name, text }) => ({ name, faults: faults('verify', text) }));
    expect(wrong.filter((each) => each.faults !== '')).toEqual([]);
  });

  it('is not of a schema without what it requires', () => {
    expect(faults('verify', '{ "proved": true }')).not.toBe('');
    expect(faults('trace', '{ "verdict": "allowed" }')).not.toBe('');
  });
});
