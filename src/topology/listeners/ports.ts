import { label } from '../labels.js';
import {
  type Cluster,
  type GatewayFront,
  keyOf,
  type Labels,
  type Listener,
  type ListenerStanding,
  selects,
  targetPortOf,
  type Workload,
} from '../model.js';
import { portProtocol } from '../port-protocol.js';
import type { DeclaredListener } from './declared.js';

/** The pods of a gateway: of a workload that is given, or those that istiod will make. */
export interface GatewayPods {
  readonly namespace: string;
  readonly labels: Labels;
  readonly workload: Workload | undefined;
}

/** A Service in front of a gateway's pods, with its ports as they lead there. */
export interface ServiceInFront {
  readonly host: string;
  readonly fronts: readonly GatewayFront[];
  /** Whether a server's port is never taken for this Service's, as its label says. */
  readonly keepsPorts: boolean;
}

/** The Services that are given, all of them and those of each namespace. */
export interface StandingServices extends Pick<Cluster, 'services'> {
  readonly byNamespace: ReadonlyMap<string, Pick<Cluster, 'services'>>;
}

/** The given Services that select the pods of a gateway. */
export function servicesInFront(
  { namespace, labels, workload }: GatewayPods,
  { services, byNamespace }: StandingServices,
): readonly ServiceInFront[] {
  const leading =
    workload === undefined
      ? [...(byNamespace.get(namespace)?.services.values() ?? [])].filter((each) =>
          selects(each.selector ?? none, labels),
        )
      : workload.services.flatMap((key) => services.get(key) ?? []);
  return leading.map((service) => ({
    host: service.host,
    keepsPorts: service.labels[label.keepsGatewayPorts] !== undefined,
    fronts: service.ports.flatMap((port): readonly GatewayFront[] => {
      const podPort = targetPortOf(port, workload ?? { kind: 'Pod', ports: [] });
      if (port.transport !== 'TCP' || podPort === undefined) return [];
      return [{ host: service.host, service: keyOf(service), port: port.number, podPort, layer: port.layer }];
    }),
  }));
}

/** A pair that no pod has: a Service without selector leads to nobody that is known. */
const none: Labels = { '': '' };

/** The Service that istiod makes for a Gateway that it deploys: a port for each listener, which is the pods' as well. */
export function deployedService(host: string, listeners: readonly DeclaredListener[]): ServiceInFront {
  const byPort = new Map([...listeners].reverse().map((listener) => [listener.port, listener.protocol]));
  return {
    host,
    keepsPorts: false,
    fronts: [...byPort].map(([port, protocol]) => {
      const { layer } = portProtocol({ number: port, transport: 'TCP', name: undefined, appProtocol: protocol });
      return { host, service: undefined, port, podPort: port, layer };
    }),
  };
}

/**
 * A listener of Gateway API is on the ports to which those of its Service lead, and nowhere if none has its port. Where
 * the Service is not given nobody can say.
 */
export function onServicePorts(
  listener: DeclaredListener,
  { hosts, namespace }: { readonly hosts: readonly string[]; readonly namespace: string },
  inFront: readonly ServiceInFront[],
): readonly Listener[] {
  const own = inFront.filter(({ host }) => hosts.includes(host));
  if (own.length === 0)
    return [{ ...listener, podPort: listener.port, standing: withoutService(listener, hosts, namespace) }];
  const ports = podPortsOf(listener.port, own);
  if (ports.length > 0) return ports.map((podPort) => ({ ...listener, podPort }));
  const because = `Service \`${hosts.join('`, `')}\` has no port ${listener.port}`;
  return [{ ...listener, podPort: listener.port, standing: { kind: 'left-out', because } }];
}

function withoutService({ standing }: DeclaredListener, hosts: readonly string[], home: string): ListenerStanding {
  if (standing.kind === 'left-out') return standing;
  if (!hosts.some((host) => host.includes(`.${home}.svc.`))) {
    return { kind: 'left-out', because: 'none of its addresses is the hostname of a Service in its namespace' };
  }
  return {
    kind: 'undecided',
    because: `Service \`${hosts.join('`, `')}\`, whose pods serve the Gateway, is not given`,
  };
}

/** A server is on the port to which a Service in front leads from its own; without one its own is the pods'. */
export function onSelectedPods(listener: DeclaredListener, inFront: readonly ServiceInFront[]): Listener {
  const [podPort = listener.port, ...others] = podPortsOf(
    listener.port,
    inFront.filter(({ keepsPorts }) => !keepsPorts),
  );
  if (others.length === 0 || listener.standing.kind === 'left-out') return { ...listener, podPort };
  const because = `to which port of the pods ${listener.port} leads: several Services have it`;
  return { ...listener, podPort, standing: { kind: 'undecided', because } };
}

function podPortsOf(port: number, inFront: readonly ServiceInFront[]): readonly number[] {
  const leading = inFront.flatMap(({ fronts }) => fronts.filter((front) => front.port === port));
  return [...new Set(leading.map(({ podPort }) => podPort))];
}
