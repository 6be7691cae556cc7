import type { ManifestObject } from '../../parse/document.js';
import type { IstioSettings } from '../../parse/mesh.js';
import { sortBy } from '../../util/order.js';
import { itemsAt, labelsAt, mappingAt, namespaceOf, type Report, textAt } from '../fields.js';
import type { IstioGateway } from '../gateway-objects.js';
import { matchesSelector, readSelector } from '../label-selector.js';
import { type GatewayFront, type Listener, type Namespace, type Revisions, selects } from '../model.js';
import { podPath } from '../pod-template.js';
import { isServed } from '../revisions.js';
import { type DeclaredListener, declaredListeners, leftOut } from './declared.js';
import {
  deployedService,
  type GatewayPods,
  onSelectedPods,
  onServicePorts,
  type StandingServices,
  servicesInFront,
} from './ports.js';
import { readServers } from './servers.js';
import { type GatewayServices, servicesOf } from './service-of-gateway.js';
import { withStandings } from './standings.js';

/** Everything in a cluster that can give a gateway's pods a listener, or move it to another port. */
export interface ListenerSources extends StandingServices {
  readonly gateways: readonly IstioGateway[];
  readonly listenerSets: readonly ManifestObject[];
  readonly istioGateways: readonly ManifestObject[];
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly revisions: Revisions;
  readonly settings: IstioSettings;
  readonly clusterDomain: string;
}

interface DeclaredGateway extends GatewayServices {
  readonly object: ManifestObject;
  readonly namespace: string;
  readonly listeners: readonly DeclaredListener[];
}

interface DeclaredServers {
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly namespace: string;
  readonly listeners: readonly DeclaredListener[];
}

/** What the pods of a gateway take, and by which Services one comes to them. */
interface Opened {
  readonly listeners: readonly Listener[];
  readonly fronts: readonly GatewayFront[];
}

/** Finds the listeners of gateways (istio-security §2.10): those of a Gateway of Gateway API where `own` is its object, and of any other pods. */
export function listenersIn(
  sources: ListenerSources,
  report: Report,
): (pods: GatewayPods, own?: ManifestObject) => Opened {
  const gateways = sources.gateways.map((gateway) => declaredGateway(gateway, sources, report));
  const servers = sources.istioGateways.map((object) => declaredServers(object, sources, report));
  return (pods, own) => {
    const given = servicesInFront(pods, sources);
    const deployed = gateways.filter(
      (each) => each.object === own && each.deployed && !given.some(({ host }) => each.hosts.includes(host)),
    );
    const inFront = [
      ...given,
      ...deployed.map(({ hosts: [host = ''], listeners }) => deployedService(host, listeners)),
    ];
    const served = gateways.filter(
      ({ object, namespace, hosts, deployed: isDeployed }) =>
        object === own ||
        (!isDeployed && given.some(({ host }) => hosts.includes(host)) && namespace === pods.namespace),
    );
    const selecting = servers.filter((each) => isSelecting(each, pods, sources.settings));
    const listeners = [
      ...served.flatMap((each) => each.listeners.flatMap((listener) => onServicePorts(listener, each, inFront))),
      ...selecting.flatMap((each) => each.listeners.map((listener) => onSelectedPods(listener, inFront))),
    ];
    return {
      listeners: sortBy(withStandings(listeners, isUnprivileged(pods, report)), portOf, nameOf, homeOf),
      fronts: sortBy(
        inFront.flatMap(({ fronts }) => fronts),
        ({ host }) => host,
        ({ port }) => port,
      ),
    };
  };
}

function portOf({ podPort }: Listener): number {
  return podPort;
}

function nameOf({ name }: Listener): string {
  return name;
}

function homeOf({ object }: Listener): string {
  return `${object.kind} ${namespaceOf(object)}/${object.name}`;
}

function declaredGateway(gateway: IstioGateway, sources: ListenerSources, report: Report): DeclaredGateway {
  const { object } = gateway;
  const { settings, clusterDomain } = sources;
  const sets = sources.listenerSets.filter((set) => isAdmitted(set, object, sources, report));
  const listeners = [object, ...sets].flatMap((each) => declaredListeners(each, { gateway: object, settings }, report));
  return {
    object,
    namespace: namespaceOf(object),
    ...servicesOf(gateway, clusterDomain, report),
    listeners: ifServed(listeners, object, sources, report),
  };
}

/** Who asks for a revision that no istiod has is served by nobody (E-30). */
function ifServed(
  listeners: readonly DeclaredListener[],
  object: ManifestObject,
  { revisions, namespaces }: ListenerSources,
  report: Report,
): readonly DeclaredListener[] {
  const revision = isServed(object, namespaces, revisions, report);
  if (revision === true) return listeners;
  const standing = leftOut(`no istiod has revision \`${revision}\`, which it asks for (E-30)`);
  return listeners.map((listener) => ({ ...listener, standing }));
}

/** A ListenerSet names its Gateway, which says from which namespaces it takes sets: from none if it is silent (T-56). */
function isAdmitted(set: ManifestObject, gateway: ManifestObject, sources: ListenerSources, report: Report): boolean {
  const parent = (field: string) => textAt(set, ['spec', 'parentRef', field], report);
  const home = namespaceOf(set);
  if (parent('name') !== gateway.name || (parent('namespace') ?? home) !== namespaceOf(gateway)) return false;
  const path = ['spec', 'allowedListeners', 'namespaces'];
  const from = textAt(gateway, [...path, 'from'], report);
  if (from === 'All') return true;
  if (from === 'Same') return home === namespaceOf(gateway);
  if (from !== 'Selector') return false;
  const labels = sources.namespaces.get(home)?.labels ?? {};
  return matchesSelector(readSelector(gateway, [...path, 'selector'], report), labels);
}

function declaredServers(object: ManifestObject, sources: ListenerSources, report: Report): DeclaredServers {
  const path = ['spec', 'selector'];
  const selector = mappingAt(object, path, report) === undefined ? undefined : labelsAt(object, path, report);
  const revision = isServed(object, sources.namespaces, sources.revisions, report);
  const listeners = readServers(object, report);
  if (revision === true) return { selector, namespace: namespaceOf(object), listeners };
  const because = `whether Gateway ${namespaceOf(object)}/${object.name} of revision \`${revision}\` counts here (E-30)`;
  const standing = { kind: 'undecided', because } as const;
  return { selector, namespace: namespaceOf(object), listeners: listeners.map((each) => ({ ...each, standing })) };
}

/** Servers are for all pods of gateways that the selector fits, in whichever namespace, unless a flag holds them to their own. */
function isSelecting({ selector, namespace }: DeclaredServers, pods: GatewayPods, { flags }: IstioSettings): boolean {
  if (flags.PILOT_SCOPE_GATEWAY_TO_NAMESPACE === true && namespace !== pods.namespace) return false;
  return selects(selector ?? {}, pods.labels);
}

/** Whether the proxy is told that it may not listen on ports below 1024. */
function isUnprivileged({ workload }: GatewayPods, report: Report): boolean {
  if (workload === undefined) return false;
  const { object } = workload;
  const containers = itemsAt(object, [...podPath(object.kind), 'spec', 'containers'], report);
  const variables = containers.flatMap((container) => itemsAt(object, [...container, 'env'], report));
  return variables.some(
    (each) =>
      textAt(object, [...each, 'name'], report) === 'ISTIO_META_UNPRIVILEGED_POD' &&
      textAt(object, [...each, 'value'], report) === 'true',
  );
}
