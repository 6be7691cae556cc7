import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedIr } from '../../../ir/policy-ir.js';
import { spanIn } from '../../../parse/document.js';
import { type Cluster, type Labels, selects } from '../../../topology/model.js';
import type { FlaggerCanary } from '../../../topology/rollouts/flagger-canary.js';
import { weightControllers } from '../../../topology/rollouts/weight-controllers.js';
import { sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { primaryOf } from './primary.js';

type Placed = Pick<PlacedIr, 'policies' | 'peerAuthentications' | 'requestAuthentications'>;

/**
 * Flagger lets copies of the pods answer, with another value of the label by which they are selected (istio-traffic-topology
 * F-52). What selects the pods by that label does not hold for the copies, unless these are among the manifests.
 */
export function checkPrimaries(context: PlaceContext, placed: Placed): void {
  for (const cluster of context.ir.topology.clusters)
    for (const canary of weightControllers(cluster).canaries) checkCanary(context, cluster, canary, placed);
}

function checkCanary(context: PlaceContext, cluster: Cluster, canary: FlaggerCanary, placed: Placed): void {
  const { namespace, object } = canary;
  const primary = primaryOf(canary, cluster);
  if (primary === undefined) return;
  const missed = selecting(placed, cluster.name, namespace).filter(
    ({ labels }) => selects(labels, primary.copied.labels) && !selects(labels, primary.labels),
  );
  if (missed.length === 0) return;
  const parameters = {
    canary: `${namespace}/${object.name}`,
    primary: `${namespace}/${primary.name}`,
    label: `${primary.key}: ${primary.labels[primary.key]}`,
    policies: sortedUnique(missed.map(({ name }) => `\`${name}\``)).join(', '),
  };
  context.report(diagnostic('primary-not-selected', parameters, spanIn(object, ['spec', 'targetRef'])));
}

interface Selecting {
  readonly name: string;
  readonly labels: Labels;
}

function selecting(placed: Placed, cluster: string, namespace: string): readonly Selecting[] {
  const isHere = (each: { readonly cluster: string; readonly namespace: string }) =>
    each.cluster === cluster && each.namespace === namespace;
  return [
    ...[...placed.policies, ...placed.requestAuthentications]
      .filter(isHere)
      .flatMap(({ name, attachment }) => (attachment.kind === 'selector' ? [{ name, labels: attachment.labels }] : [])),
    ...placed.peerAuthentications
      .filter(isHere)
      .flatMap(({ name, selector }) => (selector === undefined ? [] : [{ name, labels: selector }])),
  ];
}
