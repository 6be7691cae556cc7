import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hasErrors } from '../../../src/diagnostics/diagnostic.js';
import { parseSources } from '../../../src/parse/parse-sources.js';
import { type CompileOptions, compile, type Source } from '../../../src/pipeline.js';
import { resolve } from '../../../src/resolve/resolve.js';
import type { Resolved } from '../../../src/resolve/resolved-intents.js';
import { enforcedOf } from '../../../src/resolve/stages.js';
import { buildTopology, type ClusterObject } from '../../../src/topology/build-topology.js';
import { filesBelow, goldenCases } from '../cases.js';
import { type Emitted, emittedOf } from './emitted.js';
import { judge } from './judge.js';

/** Something that compiles: what its intents say, what was deployed before, and what Ambit adds. */
export interface Subject {
  readonly name: string;
  readonly resolved: Resolved;
  readonly given: readonly ClusterObject[];
  readonly emitted: readonly Emitted[];
}

const examples = new URL('../../../examples/', import.meta.url).pathname;

/** Every golden case and every example that compiles and emits something that the model judges. */
export function subjects(): readonly Subject[] {
  const golden = goldenCases().map(({ name, sources, options }) => subjectOf(name, sources, options.today));
  const projects = readdirSync(examples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => subjectOf(`examples/${name}`, sourcesOf(join(examples, name)), '2026-06-01'));
  return [...golden, ...projects]
    .flatMap((subject) => subject ?? [])
    .filter((each) => isJudged(each) && isReadable(each));
}

/** What an acceptance leaves to policies of somebody else stands in no intent, so that the intents read plainly cannot tell. */
function isReadable({ resolved: { rules, defaults } }: Subject): boolean {
  return [...rules, ...defaults].every(({ accept }) => accept.every(({ what }) => what !== 'existingPolicies'));
}

/** Whether the proof finds nothing wrong with it as it is: policies that were there before may be. */
function isJudged(subject: Subject): boolean {
  return judge(subject, subject.emitted).kind === 'proved' && subject.emitted.length > 0;
}

/** A project as it compiles; `undefined` where it does not. */
export function subjectOf(name: string, sources: readonly Source[], today: string | undefined): Subject | undefined {
  const options: CompileOptions = { today, provenance: 'none', verify: false };
  const result = compile(sources, options);
  if (hasErrors(result.diagnostics)) return undefined;
  const { intents, mesh, objects } = parseSources(sources).value;
  const resolved = resolve(enforcedOf(intents), buildTopology(mesh, objects).value, {
    isInForce: () => true,
    isBeforeEnd: () => true,
  }).value;
  return { name, resolved, given: objects, emitted: result.files.map(emittedOf) };
}

/** The texts of an example: `clusters/<name>/` are manifests of that cluster, `deploy/` is what Ambit wrote. */
export function sourcesOf(directory: string): readonly Source[] {
  const paths = filesBelow(directory)
    .map((path) => relative(directory, path))
    .filter((path) => path.endsWith('.yaml') && !path.startsWith('deploy'));
  return paths.map((path) => {
    const cluster = /^clusters\/([^/]+)\//.exec(path)?.[1];
    return { path, text: readFileSync(join(directory, path), 'utf8'), ...(cluster && { cluster }) };
  });
}
