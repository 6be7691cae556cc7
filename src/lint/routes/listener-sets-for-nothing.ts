import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isGiven } from '../../mesh/given-namespaces.js';
import { asObject, asText } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { describe, namespaceOf } from '../../topology/fields.js';
import { didYouMean, suggest } from '../../util/suggest.js';
import type { LintContext } from '../context.js';
import { hasForeignGateways } from './route-rules.js';
import { lawsOf } from './shown.js';

/** A ListenerSet that adds its listeners to no Gateway: what is bound to it is served nowhere (T-56). */
export function listenerSetsForNothing({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    at.cluster.listenerSets.flatMap((set) => {
      const lost = lostIn(at, set);
      if (lost === undefined) return [];
      const { place, why, ...help } = lost;
      return diagnostic('listener-set-for-nothing', { set: describe(set), why }, spanIn(set, place), {
        ...lawsOf('a ListenerSet counts where its Gateway takes it (istio-traffic-topology T-56)'),
        ...help,
      });
    }),
  );
}

interface Lost {
  readonly place: Path;
  readonly why: string;
  readonly help?: string;
}

function lostIn(at: MeshCluster, set: ManifestObject): Lost | undefined {
  const unread = whyNotRead(at, set);
  if (unread !== undefined) return { place: ['kind'], ...unread };
  const { kind = 'Gateway', name, namespace } = asObject(asObject(set.value.spec)?.parentRef) ?? {};
  const place = ['spec', 'parentRef', 'name'];
  if (kind !== 'Gateway') return { place: ['spec', 'parentRef', 'kind'], why: `its parent is no Gateway` };
  const home = asText(namespace) ?? namespaceOf(set);
  const key = `${home}/${asText(name) ?? ''}`;
  if (at.cluster.waypoints.has(key)) return { place, why: `Gateway \`${key}\` is a waypoint` };
  const gateway = at.cluster.gateways.get(key);
  if (gateway === undefined) {
    if (hasForeignGateways(at) || !isGiven(at.cluster, home)) return undefined;
    return {
      place,
      why: `there is no Gateway \`${key}\``,
      ...didYouMean(suggest(key, at.cluster.gateways.keys())),
    };
  }
  if (gateway.listeners.some(({ object }) => object === set)) return undefined;
  const from = namespaceOf(set) === home ? 'Same' : 'All';
  return {
    place,
    why: `Gateway \`${key}\` takes none of namespace \`${namespaceOf(set)}\``,
    help: `give the Gateway \`allowedListeners: { namespaces: { from: ${from} } }\``,
  };
}

/** Which of its two kinds Istio reads depends on the version. */
function whyNotRead({ cluster }: MeshCluster, { kind }: ManifestObject): Omit<Lost, 'place'> | undefined {
  const { version, flags } = cluster.settings.istio;
  if (version >= '1.30') {
    return kind === 'ListenerSet'
      ? undefined
      : { why: `Istio ${version} reads no XListenerSets`, help: 'make it a ListenerSet' };
  }
  if (kind === 'ListenerSet')
    return { why: `Istio ${version} reads no ListenerSets`, help: 'give the Gateway its listeners' };
  if (flags.PILOT_ENABLE_ALPHA_GATEWAY_API === true) return undefined;
  return {
    why: `Istio ${version} reads XListenerSets only with the flag \`PILOT_ENABLE_ALPHA_GATEWAY_API\``,
    help: 'give the Gateway its listeners',
  };
}
