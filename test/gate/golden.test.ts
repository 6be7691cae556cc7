import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import changes from '../../schemas/diff.schema.json' with { type: 'json' };
import schema from '../../schemas/gate.schema.json' with { type: 'json' };
import { runCli } from '../../src/cli/run-cli.js';
import { gateCases } from '../support/gate-cases.js';
import { memoryHost } from '../support/memory-host.js';

interface Told {
  readonly checks: ReadonlyArray<{ readonly check: string; readonly status: string }>;
  readonly mustNotReach: ReadonlyArray<{ readonly name: string; readonly status: string }>;
}

const isOfSchema = new Ajv({ allowUnionTypes: true }).addSchema(changes).compile(schema);

describe.each(gateCases())('$name', (golden) => {
  const gate = async (format: string) => {
    const host = memoryHost({ files: golden.files });
    const exitCode = await runCli(['gate', ...golden.arguments, '-o', format], host);
    return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
  };

  it('answers a person as expected', async () => {
    const { exitCode, stdout, stderr } = await gate('human');
    await expect(stdout + stderr).toMatchFileSnapshot(join(golden.directory, 'expected', 'gate.txt'));
    expect(exitCode).toBe(golden.exit);
  });

  it('answers a pull request as expected', async () => {
    const { stdout } = await gate('markdown');
    expect(stdout.split('\n')[0]).toBe('<!-- ambit:gate -->');
    await expect(stdout).toMatchFileSnapshot(join(golden.directory, 'expected', 'gate.md'));
  });

  it('answers a program with the status of each check', async () => {
    const { stdout } = await gate('json');
    const { checks, mustNotReach }: Told = JSON.parse(stdout);
    const statuses = [
      ...checks.map(({ check, status }) => [check, status]),
      ...mustNotReach.map(({ name, status }) => [name, status]),
    ];
    expect(Object.fromEntries(statuses)).toEqual(golden.statuses);
    expect(isOfSchema(JSON.parse(stdout)), JSON.stringify(isOfSchema.errors)).toBe(true);
  });
});
