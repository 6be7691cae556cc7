import { catalogue } from '../../diagnostics/catalogue.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { settleMesh } from '../../installation/settle.js';
import { parseSources } from '../../parse/parse-sources.js';
import { compile } from '../../pipeline.js';
import { subjectsOf } from '../../report/explain.js';
import { callerNames, destinationNames } from '../../topology/askable-names.js';
import { buildTopology } from '../../topology/build-topology.js';
import { selectable } from '../../topology/selection.js';
import { type ExitCode, exitCodes } from '../exit-code.js';
import { type InputOptions, type Loaded, load } from '../project/load.js';
import { today } from '../today.js';
import type { NamesOf } from './names-of.js';
import type { Session } from './session.js';

/** Prints names of the project, a line each, for completion scripts. Of a project that cannot be read none is printed. */
export async function runNames(session: Session, wanted: NamesOf, options: InputOptions): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics } = await load(host, options);
  const own = hasErrors(diagnostics) ? [] : finders[wanted](loaded, today(host));
  const names = wanted === 'subjects' ? [...codes, ...own] : own;
  host.output.write(names.map((name) => `${name}\n`).join(''));
  return exitCodes.success;
}

const codes = Object.values(catalogue).map(({ code }) => code);

const finders: Readonly<Record<NamesOf, (loaded: Loaded, day: string) => readonly string[]>> = {
  namespaces: (loaded) => selectable(topologyOf(loaded)).namespaces,
  clusters: (loaded) => topologyOf(loaded).clusters.map(({ name }) => name),
  objects: (loaded) => selectable(topologyOf(loaded)).names.filter((name) => name.includes('/')),
  callers: (loaded) => callerNames(topologyOf(loaded)),
  destinations: (loaded) => destinationNames(topologyOf(loaded)),
  subjects: ({ sources }, day) => subjectsOf(compile(sources, { today: day, verify: false })),
};

function topologyOf({ sources }: Loaded) {
  const { mesh, objects } = parseSources(sources).value;
  return buildTopology(settleMesh(mesh, objects).value, objects).value;
}
