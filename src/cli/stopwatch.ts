import type { Host } from './files/host.js';

interface Stopwatch {
  /** Ends a part of the run and gives it a name. */
  lap(name: string): void;
  /** One line a part, then the counts. */
  text(counts: Readonly<Record<string, number>>): string;
}

/** Measures the parts of a run for `--stats`. */
export function stopwatch({ now }: Host): Stopwatch {
  const laps: Array<readonly [string, string]> = [];
  let last = now().getTime();
  return {
    lap(name) {
      const time = now().getTime();
      laps.push([name, `${time - last} ms`]);
      last = time;
    },
    text(counts) {
      const rows = [...laps, ...Object.entries(counts).map(([name, count]) => [name, String(count)] as const)];
      return rows.map(([name, value]) => `${name.padEnd(8)} ${value.padStart(8)}\n`).join('');
    },
  };
}
