import type { State } from '../changes/change.js';
import type { Source } from '../parse/parse-sources.js';
import { arrange, type Found } from './arrange/arrange.js';
import { noObstacles } from './arrange/obstacles.js';
import { declareIssuers, type Edit } from './declare-issuers.js';
import { type FoundIssuers, issuersIn } from './lift/issuers.js';
import { namesIn } from './names/names.js';
import { writtenNetworkPolicies } from './network-policies.js';
import { outsideMesh } from './outside-mesh.js';
import { writtenPeers, writtenPolicies, writtenTokens } from './policies.js';
import { printPlan } from './print.js';
import { sayInMesh } from './reason.js';
import { subjectsOf } from './subjects.js';
import { writtenTraffic } from './traffic/written.js';

/** What somebody wrote, in the words of the language; and the Mesh document with the issuers that it lacks. */
export function lookAt(
  sources: readonly Source[],
  { mesh, objects }: State,
  misplaced: ReadonlySet<string>,
): { readonly found: Found; readonly edit: Edit | undefined; readonly missing: FoundIssuers['missing'] } {
  const { topology } = mesh;
  const subjects = subjectsOf(mesh);
  const authentications = objects
    .map(({ object }) => object)
    .filter((object) => object.kind === 'RequestAuthentication');
  const issuers = issuersIn(authentications, topology.mesh);
  const edit = declareIssuers(sources, topology.mesh.document, issuers.missing);
  const known = {
    names:
      edit === undefined
        ? new Map(topology.mesh.tokenIssuers.map(({ issuer, name }) => [issuer, name]))
        : issuers.names,
    help: sayInMesh(topology.mesh, '`tokenIssuers`'),
  };
  const names = namesIn(topology);
  const policies = [
    ...writtenPolicies(mesh, subjects, { names, issuers: known }, misplaced),
    ...writtenNetworkPolicies(mesh, subjects, names),
  ];
  const found: Found = {
    subjects,
    policies,
    peers: writtenPeers(mesh),
    traffic: writtenTraffic(mesh),
    tokens: writtenTokens(mesh, subjects, policies, issuers.unsaid),
    rootNamespace: topology.mesh.rootNamespace,
    outside: outsideMesh(mesh),
  };
  const isUsed = found.tokens.some(({ unsaid }) => unsaid === undefined) && issuers.missing.length > 0;
  return { found, edit: isUsed ? edit : undefined, missing: issuers.missing };
}

/** The texts but for the files of intents that an import of what was found writes. `kept`: those that are not its own. */
export function withoutOwnFiles(
  sources: readonly Source[],
  found: Found,
  { directory, kept }: { readonly directory: string; readonly kept: ReadonlySet<string> },
): readonly Source[] {
  const files = new Set(printPlan(arrange(found, noObstacles)).map(({ path }) => join(directory, path)));
  return sources.filter(({ path }) => !files.has(path) || kept.has(path));
}

function join(directory: string, path: string): string {
  return directory === '' ? path : `${directory}/${path}`;
}
