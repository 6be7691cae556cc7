import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../dice.js';
import { applicationOf, type Part } from './application.js';
import { enrolment } from './enrolment.js';
import { ingressObjects } from './gateways.js';
import type { Making } from './making.js';
import type { Theme } from './theme.js';

/** The small mesh that policies are written for: what they can name. */
export interface World {
  readonly theme: Theme;
  readonly namespaces: readonly string[];
  readonly applications: readonly Application[];
  readonly services: readonly ServiceOfWorld[];
  readonly hasIngress: boolean;
  readonly objects: readonly JsonObject[];
}

export interface Application {
  readonly namespace: string;
  readonly name: string;
  readonly account: string;
}

export interface ServiceOfWorld {
  readonly namespace: string;
  readonly name: string;
}

export const applicationNames = ['api', 'web', 'db'] as const;

export function worldOf(theme: Theme, dice: Dice): World {
  const namespaces = ['shop', 'pay', 'ops'];
  const planes = planesOf(theme, dice);
  const addresses = addressesFrom('10.97.0');
  const parts = namespaces.map((name, index) => partOf(name, planes[index] ?? 'none', { theme, dice, addresses }));
  const hasIngress = theme === 'gateways' || dice.chance(0.4);
  return {
    theme,
    namespaces,
    applications: parts.flatMap(({ applications }) => applications),
    services: parts.flatMap(({ services }) => services),
    hasIngress,
    objects: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } },
      ...parts.flatMap(({ objects }) => objects),
      ...(hasIngress ? ingressObjects(theme, dice) : []),
    ],
  };
}

export type PlaneOfNamespace = 'ambient' | 'sidecar' | 'none';

function planesOf(theme: Theme, dice: Dice): readonly PlaneOfNamespace[] {
  if (theme === 'waypoints' || theme === 'addresses') {
    return ['ambient', 'ambient', dice.pick(['ambient', 'sidecar', 'none'] as const)];
  }
  return dice.some<PlaneOfNamespace>(['ambient', 'sidecar', 'none', 'ambient', 'sidecar'], 3);
}

function addressesFrom(network: string): () => string {
  let last = 0;
  return () => `${network}.${++last}`;
}

function partOf(namespace: string, plane: PlaneOfNamespace, making: Making): Part {
  const { theme, dice } = making;
  const marks = enrolment(theme, dice);
  const hasWaypoint = plane === 'ambient' && dice.chance(theme === 'waypoints' ? 0.95 : 0.6);
  const labels = {
    ...(plane === 'ambient' && { 'istio.io/dataplane-mode': 'ambient' }),
    ...(plane === 'sidecar' && { 'istio-injection': 'enabled' }),
    ...(hasWaypoint && dice.chance(0.7) && { 'istio.io/use-waypoint': 'waypoint' }),
    ...marks.namespace(),
  };
  const names = dice.some(applicationNames, 1 + dice.below(3));
  const parts = names.map((name) => applicationOf(namespace, name, hasWaypoint, making));
  return {
    applications: parts.flatMap(({ applications }) => applications),
    services: parts.flatMap(({ services }) => services),
    objects: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
      ...(hasWaypoint ? [waypointIn(namespace, making)] : []),
      ...parts.flatMap(({ objects }) => objects),
    ],
  };
}

function waypointIn(namespace: string, { theme, dice }: Making): JsonObject {
  const traffic = dice.pick(['service', 'service', 'workload', 'all', undefined]);
  const labels = {
    ...(traffic !== undefined && { 'istio.io/waypoint-for': traffic }),
    ...enrolment(theme, dice).waypoint(),
  };
  const listener = { name: 'mesh', port: 15008, protocol: 'HBONE', ...enrolment(theme, dice).listener() };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'waypoint', namespace, labels },
    spec: { gatewayClassName: 'istio-waypoint', listeners: [listener] },
  };
}
