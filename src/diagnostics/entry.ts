export type Severity = 'error' | 'warning' | 'info';

/**
 * One thing that Ambit can say. Codes are never reused: 0xxx project and command line, 1xxx parsing, 2xxx names,
 * 25xx enrolment, 3xxx placement, 4xxx emission, 5xxx verification, 6xxx changes, 70xx adopting, 71xx moving to another data
 * plane. Messages say what, `help` says what to change:
 * lower case, no final full stop, the user's own text in backticks. `{name}` is filled with a parameter.
 */
export interface CatalogueEntry {
  readonly code: `AMB${number}`;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
}
