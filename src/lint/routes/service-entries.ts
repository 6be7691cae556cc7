import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asObject, asText, asTexts } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { spanIn } from '../../parse/document.js';
import { keyOf, type ServiceEntry } from '../../topology/model.js';
import type { LintContext } from '../context.js';
import { type HostOwner, isKnownIn, ownersOf } from './known-hosts.js';
import { lawsOf } from './shown.js';

/** A ServiceEntry whose bytes only an address tells apart, and that has none: it takes a whole port (S-05). */
export function entriesWithoutAddress({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].filter(hasSidecars).flatMap((at) =>
    [...at.cluster.serviceEntries.values()].filter(lacksAddress).flatMap((entry) =>
      entry.ports.flatMap(({ number, protocol, layer }, index) => {
        if (protocol !== 'tcp' && layer !== 'detected') return [];
        const parameters = { entry: keyOf(entry), port: number };
        return diagnostic('entry-without-address', parameters, spanIn(entry.object, ['spec', 'ports', index]), {
          witness: `a connection of a pod with a sidecar to port ${number} of any address that no Service has is taken for \`${entry.hosts[0]}\``,
          ...lawsOf(
            'bytes of TCP do not say for which host they are, so a sidecar goes by their address (istio-traffic-topology S-05)',
          ),
        });
      }),
    ),
  );
}

/** In ambient every host has an address of its own. */
function hasSidecars({ cluster }: MeshCluster): boolean {
  const modes = [...cluster.workloads.values()].map(({ mode }) => mode.plane);
  return modes.includes('sidecar') || !modes.includes('ambient');
}

function lacksAddress({ object }: ServiceEntry): boolean {
  const { addresses } = asObject(object.value.spec) ?? {};
  return asTexts(addresses).length === 0 && asArray(asObject(object.value.status)?.addresses).length === 0;
}

/** Two ServiceEntries, or one and a Service, that say different things of one host (S-05). */
export function entriesCollide({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    [...at.cluster.serviceEntries.values()].flatMap((entry) =>
      entry.hosts.flatMap((host, index) => {
        const rival = ownersOf(at, host.toLowerCase())
          .filter((other) => isRival(entry, host, other) && isSeenWith(entry, other))
          .map(({ kind, owner }) => ({ name: `${kind} \`${keyOf(owner)}\``, why: whyApart(entry, owner) }))
          .find(({ why }) => why !== undefined);
        if (rival?.why === undefined) return [];
        const parameters = { entry: keyOf(entry), host, other: rival.name, why: rival.why };
        return diagnostic('entries-collide', parameters, spanIn(entry.object, ['spec', 'hosts', index]), {
          ...lawsOf(
            'of one host a proxy knows one form: that of a Service, or else of the oldest entry (istio-traffic-topology S-05)',
          ),
        });
      }),
    ),
  );
}

function isRival(entry: ServiceEntry, host: string, { kind, owner }: HostOwner): boolean {
  return kind === 'Service' || (keyOf(owner) < keyOf(entry) && hasHost(owner, host));
}

/** Whether anybody knows both. */
function isSeenWith(entry: ServiceEntry, other: HostOwner): boolean {
  const own: HostOwner = { kind: 'ServiceEntry', owner: entry };
  return [own, other].some(({ owner }) => isKnownIn(own, owner.namespace) && isKnownIn(other, owner.namespace));
}

type Owner = HostOwner['owner'];

function hasHost(owner: Owner, host: string): boolean {
  return 'hosts' in owner && owner.hosts.includes(host);
}

function whyApart(entry: ServiceEntry, owner: Owner): string | undefined {
  const differing = entry.ports.find(({ number, protocol }) =>
    owner.ports.some((port) => port.number === number && port.protocol !== protocol),
  );
  if (differing !== undefined) {
    const other = owner.ports.find(({ number }) => number === differing.number);
    return `the one says that port ${differing.number} is \`${differing.protocol}\`, the other \`${other?.protocol}\``;
  }
  if (!('hosts' in owner)) return undefined;
  const [one, other] = [resolutionOf(entry), resolutionOf(owner)];
  return one === other ? undefined : `the one has \`resolution: ${one}\`, the other \`${other}\``;
}

function resolutionOf({ object }: ServiceEntry): string {
  return asText(asObject(object.value.spec)?.resolution) ?? 'NONE';
}
