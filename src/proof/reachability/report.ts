import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Note } from '../../diagnostics/diagnostic.js';
import type { Mesh } from '../../mesh/mesh.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { manifestLine } from '../manifest-line.js';
import type { Surroundings } from '../report.js';
import type { KnownMesh } from './known-meshes.js';
import type { HiddenCall, ReachabilityProof } from './prove-reachability.js';

/** What a person is told of it: nothing, if sidecars know all that the intents let their pods call. */
export function reachabilityDiagnostics(
  { known, hidden, open }: ReachabilityProof,
  mesh: Mesh,
  surroundings: Surroundings,
): Diagnostic[] {
  const calls = groupBy(hidden, ({ cluster, workload, called, sidecar }) =>
    [cluster, workload.namespace, called.name, sidecar].join('\n'),
  );
  const facts = groupBy(open, ({ workload, fact }) => [workload.cluster, keyOf(workload), fact].join('\n'));
  return [
    ...[...calls.values()].flatMap((group) => hiddenDiagnostic(group, mesh, surroundings)),
    ...known.flatMap(providerDiagnostics),
    ...[...facts.values()].flatMap(([first]) => {
      if (first === undefined) return [];
      const parameters = { workload: keyOf(first.workload), fact: first.fact };
      return [diagnostic('reachability-not-proved', parameters, first.reachability.origin.span)];
    }),
  ];
}

function providerDiagnostics({ reachability, namespace, missingProviders, sidecars }: KnownMesh): Diagnostic[] {
  return missingProviders.map((provider) => {
    const parameters = { namespace, provider, sidecar: `Sidecar \`${sidecars.join(', ')}\`` };
    return diagnostic('provider-hidden', parameters, reachability.origin.span);
  });
}

/** One of the callers stands for all of a namespace. */
function hiddenDiagnostic(group: readonly HiddenCall[], mesh: Mesh, surroundings: Surroundings): Diagnostic[] {
  const [first] = group;
  if (first === undefined) return [];
  const { reachability, cluster, workload, called, stop, sidecar } = first;
  const end = stop === undefined ? 'leaves the pod in plaintext, as it came' : `goes nowhere: ${stop.because}`;
  const witness = `what ${keyOf(workload)} sends to ${called.name} ${end}`;
  const others =
    group.length === 1 ? [] : [{ message: `likewise ${group.length - 1} more of \`${workload.namespace}\`` }];
  const where = surroundings.isOneOfMany ? [{ message: `in cluster \`${cluster}\`` }] : [];
  const notes = [...where, leaveNote(first), ...others, ...sidecarNotes(first, mesh, surroundings)];
  const parameters = { caller: keyOf(workload), service: called.name, sidecar: `Sidecar \`${sidecar}\`` };
  return [diagnostic('call-hidden', parameters, reachability.origin.span, { witness, notes })];
}

function leaveNote({ leave }: HiddenCall): Note {
  if (leave.kind === 'open') return { message: 'nobody is kept out of it' };
  const { id, span } = leave.grant.rule.origin;
  return { message: `rule \`${id}\` lets it call`, span };
}

function sidecarNotes({ cluster, sidecar }: HiddenCall, mesh: Mesh, { isEmitted }: Surroundings): readonly Note[] {
  const objects = mesh.clusters.get(cluster)?.cluster.sidecars ?? [];
  const found = objects.find((object) => nameOf(object) === sidecar);
  if (found === undefined) return [];
  const place = ['spec', 'egress'];
  if (isEmitted(found)) return [{ message: `left out by ${manifestLine(found, place)}` }];
  return [{ message: 'left out here', span: spanIn(found, place) }];
}

function nameOf({ namespace = 'default', name }: ManifestObject): string {
  return `${namespace}/${name}`;
}
