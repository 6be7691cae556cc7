import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs a whole process and answers with its wall time in milliseconds. A failure, unless it is expected, throws. */
export function timeOf({ command, prepare, statuses }) {
  prepare?.();
  const start = process.hrtime.bigint();
  run(command, {}, { statuses });
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Runs a Node program and answers with its peak resident memory in MiB. */
export function peakMemoryOf({ command, prepare, statuses }, directory) {
  prepare?.();
  const report = join(directory, 'usage.txt');
  run(['--import', new URL('usage.mjs', import.meta.url).href, ...command], { BENCH_USAGE: report }, { statuses });
  return Number(readFileSync(report, 'utf8')) / 1024;
}

/** Runs a Node program that measures itself, and answers with what it prints. */
export function answerOf(command, statuses) {
  return run(command, {}, { output: 'pipe', statuses });
}

function run(command, environment, { output = 'ignore', statuses = [0] } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    stdio: ['ignore', output, 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...environment },
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (!statuses.includes(status))
    throw new Error(`exit ${status}: node ${command.join(' ')}\n${stderr.slice(0, 4000)}`);
  return stdout;
}

/**
 * Times subjects in turn, round by round, so that a slow moment of the machine falls on all of them. One further round
 * first warms the disk cache and is thrown away.
 */
export function interleave(subjects, rounds) {
  const times = subjects.map(() => []);
  for (let round = -1; round < rounds; round++) {
    subjects.forEach((subject, index) => {
      const time = timeOf(subject);
      if (round >= 0) times[index].push(time);
    });
  }
  return times;
}

/** The median of numbers, and how far they spread. */
export function summary(numbers) {
  const sorted = [...numbers].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, low: sorted[0], high: sorted[sorted.length - 1] };
}

/** How often one subject takes the other's time: the rounds' own ratios, since only those saw the same machine. */
export function ratios(times, base) {
  return summary(times.map((time, round) => time / base[round]));
}
