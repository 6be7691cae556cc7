import { adopting } from './catalogue/adopting.js';
import { changes } from './catalogue/changes.js';
import { emission } from './catalogue/emission.js';
import { language } from './catalogue/language.js';
import { migrating } from './catalogue/migrating.js';
import { parsing } from './catalogue/parsing.js';
import { placement } from './catalogue/placement.js';
import { project } from './catalogue/project.js';
import { resolution } from './catalogue/resolution.js';
import { topology } from './catalogue/topology.js';
import { verification } from './catalogue/verification.js';
import type { CatalogueEntry } from './entry.js';

/** What Ambit can say, as data. */
export const catalogue = {
  ...project,
  ...parsing,
  ...language,
  ...resolution,
  ...topology,
  ...placement,
  ...emission,
  ...verification,
  ...changes,
  ...adopting,
  ...migrating,
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
