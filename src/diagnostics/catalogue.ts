import { emission } from './catalogue/emission.js';
import { language } from './catalogue/language.js';
import { parsing } from './catalogue/parsing.js';
import { placement } from './catalogue/placement.js';
import { project } from './catalogue/project.js';
import { resolution } from './catalogue/resolution.js';
import { topology } from './catalogue/topology.js';
import { verification } from './catalogue/verification.js';
import type { Severity } from './diagnostic.js';

/**
 * What Ambit can say, as data. Codes are never reused: 0xxx project and command line, 1xxx parsing, 2xxx names,
 * 25xx enrolment, 3xxx placement, 4xxx emission, 5xxx verification. Messages say what, `help` says what to change:
 * lower case, no final full stop, the user's own text in backticks. `{name}` is filled with a parameter.
 */
export interface CatalogueEntry {
  readonly code: `AMB${number}`;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
}

export const catalogue = {
  ...project,
  ...parsing,
  ...language,
  ...resolution,
  ...topology,
  ...placement,
  ...emission,
  ...verification,
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosticName = keyof typeof catalogue;

/** The `{name}`s of a template; braces around anything with a space are YAML that the user is to write. */
type Placeholders<Template> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${string} ${string}` ? never : Name) | Placeholders<Rest>
  : never;

type HelpOf<Entry> = Entry extends { help: infer Help } ? Help : never;

/** The parameters that a diagnostic's templates name. */
export type DiagnosticParameters<N extends DiagnosticName> = {
  readonly [Key in Placeholders<(typeof catalogue)[N]['message']> | Placeholders<HelpOf<(typeof catalogue)[N]>>]:
    | string
    | number;
};
