/** What the environment says of a run. README.md lists the names. */
const { AMBIT_REQUESTS, AMBIT_CASES, AMBIT_SEED, AMBIT_ONLY, AMBIT_SOURCES, AMBIT_RECORD, AMBIT_REPORT } = process.env;
const { AMBIT_ANSWERS } = process.env;

const sources = AMBIT_SOURCES?.split(',');

export const settings = {
  /** How much is asked of a case, at most, and with how many different payloads. */
  extent: { requests: Number(AMBIT_REQUESTS ?? 800), payloads: 24 },
  /** How many cases of those that are endless. */
  cases: Number(AMBIT_CASES ?? 220),
  seed: Number(AMBIT_SEED ?? 1),
  /** A part of the names of cases. */
  only: AMBIT_ONLY ?? '',
  sources: (name: string) => sources?.includes(name) ?? true,
  /** Whether answers are recorded. */
  records: AMBIT_RECORD === '1',
  /** A folder in which answers are kept, so that a changed model is compared with them at once. */
  answers: AMBIT_ANSWERS,
  /** A file for contradictions, as JSON lines. */
  report: AMBIT_REPORT,
};
