import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asObject, asText, asTexts } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { fullHost } from '../../mesh/paths/tls-settings.js';
import { type JsonObject, type ManifestObject, spanIn } from '../../parse/document.js';
import { describe, namespaceOf } from '../../topology/fields.js';
import { sortedUnique } from '../../util/order.js';
import type { LintContext } from '../context.js';
import { ownersOf } from './known-hosts.js';
import { lawsOf } from './shown.js';

interface Settings {
  readonly object: ManifestObject;
  readonly namespace: string;
  readonly host: string;
  readonly policy: JsonObject;
  readonly subsets: readonly string[];
  readonly isOpen: boolean;
}

/**
 * A DestinationRule of a Service, or of the root namespace, and one of callers for the same host: for them the latter is all
 * there is, and what it does not say itself is lost (T-07).
 */
export function hiddenSettings({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    const all = settingsIn(at, mesh.topology.mesh.clusterDomain);
    return all
      .filter(({ namespace }) => hasProxies(at, namespace))
      .flatMap((own) => {
        const hidden = all.find((other) => other !== own && isHiddenBy(at, other, own) && lost(other, own).length > 0);
        return hidden === undefined ? [] : [finding(own, hidden, lost(hidden, own))];
      });
  });
}

/** In ambient the settings of callers are nobody’s (I-01). */
function hasProxies({ cluster }: MeshCluster, namespace: string): boolean {
  const isIn = (each: { readonly namespace: string }) => each.namespace === namespace;
  const pods = [...cluster.workloads.values()].filter(isIn);
  return pods.some(({ mode }) => mode.plane !== 'ambient') || [...cluster.gateways.values()].some(isIn);
}

function settingsIn({ cluster }: MeshCluster, clusterDomain: string): readonly Settings[] {
  return cluster.routes
    .filter(({ kind }) => kind === 'DestinationRule')
    .map((object) => {
      const spec = asObject(object.value.spec) ?? {};
      const namespace = namespaceOf(object);
      const exportTo = asTexts(spec.exportTo);
      return {
        object,
        namespace,
        host: fullHost(asText(spec.host) ?? '', namespace, clusterDomain).toLowerCase(),
        policy: asObject(spec.trafficPolicy) ?? {},
        subsets: asArray(spec.subsets).flatMap((subset) => asText(asObject(subset)?.name) ?? []),
        isOpen: (exportTo.length === 0 || exportTo.includes('*')) && asObject(spec.workloadSelector) === undefined,
      };
    });
}

/** The callers' own namespace comes first, then the Service's, then the root namespace; nothing is merged across them. */
function isHiddenBy(at: MeshCluster, other: Settings, own: Settings): boolean {
  if (other.namespace === own.namespace || !other.isOpen || own.host.startsWith('*')) return false;
  const service = ownersOf(at, own.host)[0]?.owner;
  const isOfService = service !== undefined && other.namespace === service.namespace && other.host === own.host;
  const isOfRoot = other.namespace === at.rootNamespace && (other.host === own.host || isBelow(own.host, other.host));
  return (isOfService && own.namespace !== at.rootNamespace) || isOfRoot;
}

function isBelow(host: string, wildcard: string): boolean {
  return wildcard.startsWith('*') && host.endsWith(wildcard.slice(1));
}

/** What the hidden rule says and the other does not; mutual TLS of the mesh is spoken without being told. */
function lost(hidden: Settings, own: Settings): readonly string[] {
  const mode = asText(asObject(hidden.policy.tls)?.mode);
  const fields = [
    'outlierDetection',
    'connectionPool',
    ...(mode === undefined || mode === 'ISTIO_MUTUAL' ? [] : ['tls']),
  ];
  const settings = fields.filter((field) => hidden.policy[field] !== undefined && own.policy[field] === undefined);
  const versions = hidden.subsets.filter((name) => !own.subsets.includes(name)).map((name) => `subset ${name}`);
  return [...settings, ...sortedUnique(versions)];
}

function finding(own: Settings, hidden: Settings, what: readonly string[]): Diagnostic {
  const parameters = {
    rule: describe(own.object),
    other: describe(hidden.object),
    namespace: own.namespace,
    lost: what.map((each) => `\`${each}\``).join(', '),
  };
  return diagnostic('settings-hidden', parameters, spanIn(own.object, ['spec', 'host']), {
    notes: [
      { message: 'the other rule is here', span: spanIn(hidden.object, ['spec', 'host']) },
      ...(lawsOf(
        'of several namespaces one rule counts, the callers’ own first, and nothing is merged (istio-traffic-topology T-07)',
      ).notes ?? []),
    ],
    witness: `a request from namespace \`${own.namespace}\` to ${own.host} is sent without ${what[0]}`,
  });
}
