/** How much of the cases of one group of analyzers is found. */
export interface CaseCount {
  /** As Istio's folders name them. */
  readonly analyzers: string;
  readonly cases: number;
  /** What is expected in them, and what of it is found, or left out for the reason that the table of messages says. */
  readonly expected: number;
  readonly found: number;
  readonly leftOut: number;
  /** Cases in which nothing is expected, and what is said of them all the same. */
  readonly clean: number;
  readonly alarms: number;
}

/** The commit of Istio of 23 April 2026 whose cases these are. */
export const countedCommit = 'b01690e6db7d';

export const caseCounts: readonly CaseCount[] = [
  { analyzers: 'authz', cases: 1, expected: 8, found: 8, leftOut: 0, clean: 0, alarms: 0 },
  { analyzers: 'conditions', cases: 1, expected: 7, found: 7, leftOut: 0, clean: 0, alarms: 0 },
  { analyzers: 'deployment', cases: 1, expected: 3, found: 2, leftOut: 1, clean: 2, alarms: 0 },
  { analyzers: 'deprecation', cases: 1, expected: 2, found: 1, leftOut: 1, clean: 0, alarms: 0 },
  { analyzers: 'destinationrule', cases: 11, expected: 13, found: 2, leftOut: 11, clean: 4, alarms: 0 },
  { analyzers: 'gateway', cases: 12, expected: 25, found: 24, leftOut: 1, clean: 5, alarms: 0 },
  { analyzers: 'schemaValidation', cases: 1, expected: 15, found: 15, leftOut: 0, clean: 0, alarms: 0 },
  { analyzers: 'service', cases: 2, expected: 6, found: 0, leftOut: 6, clean: 3, alarms: 0 },
  { analyzers: 'serviceentry', cases: 3, expected: 5, found: 5, leftOut: 0, clean: 1, alarms: 0 },
  { analyzers: 'sidecar', cases: 2, expected: 10, found: 10, leftOut: 0, clean: 0, alarms: 0 },
  { analyzers: 'virtualservice', cases: 12, expected: 40, found: 40, leftOut: 0, clean: 0, alarms: 0 },
];
