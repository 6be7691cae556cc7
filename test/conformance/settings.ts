/** What the environment says of a run. README.md lists the names. */
const { AMBIT_REQUESTS, AMBIT_CASES, AMBIT_SEED, AMBIT_ONLY, AMBIT_SOURCES, AMBIT_RECORD, AMBIT_REPORT } = process.env;

/** Whether answers are recorded. Recordings are small, so that there can be many. */
const records = AMBIT_RECORD === '1';
const sources = AMBIT_SOURCES?.split(',');

/** What lies beside the checkout is of somebody else, and is not written into it. */
const neverRecorded = 'reference data';

export const settings = {
  records,
  /** How much is asked of a case, at most, and with how many different payloads. */
  extent: { requests: Number(AMBIT_REQUESTS ?? (records ? 240 : 800)), payloads: records ? 12 : 24 },
  /** How many cases of those that are endless. */
  cases: Number(AMBIT_CASES ?? (records ? 120 : 220)),
  seed: Number(AMBIT_SEED ?? (records ? 100 : 1)),
  /** A part of the names of cases. */
  only: AMBIT_ONLY ?? '',
  sources: (name: string) => (sources?.includes(name) ?? true) && !(records && name === neverRecorded),
  /** A file for contradictions, as JSON lines. */
  report: AMBIT_REPORT,
};
