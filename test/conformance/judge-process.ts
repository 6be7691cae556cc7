import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JudgeAnswer, JudgeCase } from './contract.js';
import { settings } from './settings.js';

type Cases = ReadonlyArray<{ readonly judged: JudgeCase }>;

/** Has cases judged. The answers stand in the order of the cases; those that are kept from another run are not asked for again. */
export function judgeAll(folder: string, cases: Cases, flags: readonly string[]): JudgeAnswer[] {
  const directory = mkdtempSync(join(tmpdir(), 'ambit-conformance-'));
  const kept = settings.answers ?? join(directory, 'kept');
  mkdirSync(kept, { recursive: true });
  try {
    const texts = cases.map(({ judged }) => JSON.stringify(judged));
    const answers = texts.map((text) => join(kept, `${hashOf([...flags, text])}.json`));
    const open = answers.flatMap((path, index) => (existsSync(path) ? [] : [{ path, text: texts[index] ?? '' }]));
    if (open.length > 0) judge(folder, directory, open, flags);
    return answers.map((path) => JSON.parse(readFileSync(path, 'utf8')) as JudgeAnswer);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Open {
  readonly path: string;
  readonly text: string;
}

function judge(folder: string, directory: string, open: readonly Open[], flags: readonly string[]): void {
  const answers = join(directory, 'answers');
  mkdirSync(answers);
  const cases = open.map(({ text }, index) => {
    const path = join(directory, `${index}.json`);
    writeFileSync(path, text);
    return path;
  });
  const command = [join(folder, 'run.mjs'), '--out', answers, ...flags, ...cases];
  const { status } = spawnSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`the judge ended with ${status}`);
  for (const [index, { path }] of open.entries()) copyFileSync(join(answers, `${index}.json`), path);
}

function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 32);
}
