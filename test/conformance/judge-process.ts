import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JudgeAnswer, JudgeCase } from './contract.js';

/** Has cases judged. The answers stand in the order of the cases. */
export function judgeAll(
  folder: string,
  cases: ReadonlyArray<{ readonly judged: JudgeCase }>,
  flags: readonly string[],
): JudgeAnswer[] {
  const directory = mkdtempSync(join(tmpdir(), 'ambit-conformance-'));
  const answers = join(directory, 'answers');
  mkdirSync(answers);
  try {
    const paths = cases.map(({ judged }, index) => {
      const path = join(directory, `${index}.json`);
      writeFileSync(path, JSON.stringify(judged));
      return path;
    });
    const command = [join(folder, 'run.mjs'), '--out', answers, ...flags, ...paths];
    const { status } = spawnSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`the judge ended with ${status}`);
    return cases.map((_, index) => JSON.parse(readFileSync(join(answers, `${index}.json`), 'utf8')) as JudgeAnswer);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
