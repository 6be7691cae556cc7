const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 1e-6,
};

/** What is wrong with a duration, or `undefined`: at least 1 ms, and whole milliseconds (L-14). */
export function durationFault(text: string): string | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return `\`${text}\` is not a duration (L-14)`;
  const milliseconds = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g)].reduce(
    (total, [, amount, unit]) => total + Number(amount) * (units[unit ?? ''] ?? Number.NaN),
    0,
  );
  if (milliseconds < 1) return `\`${text}\` is shorter than 1ms (L-14)`;
  return Math.abs(milliseconds - Math.round(milliseconds)) < 1e-9
    ? undefined
    : `\`${text}\` splits a millisecond (L-14)`;
}
