import type { JsonObject } from '../../../../src/parse/document.js';
import { enrolment } from './enrolment.js';
import type { Making } from './making.js';
import { servicesOf } from './services.js';
import type { Application, ServiceOfWorld } from './world.js';

/** What becomes part of a mesh, and what policies can name of it. */
export interface Part {
  readonly applications: readonly Application[];
  readonly services: readonly ServiceOfWorld[];
  readonly objects: readonly JsonObject[];
}

/** A workload with its Services. */
export function applicationOf(namespace: string, name: string, hasWaypoint: boolean, making: Making): Part {
  const { theme, dice } = making;
  const marks = enrolment(theme, dice);
  const account = dice.chance(0.7) ? name : dice.pick(['shared', 'default']);
  const labels = {
    app: name,
    ...(dice.chance(0.3) && { version: dice.pick(['v1', 'v2']) }),
    ...(dice.chance(0.1) && { 'sidecar.istio.io/inject': dice.pick(['true', 'false']) }),
    ...(dice.chance(0.1) && { 'istio.io/dataplane-mode': dice.pick(['none', 'ambient']) }),
    ...(hasWaypoint && dice.chance(0.2) && { 'istio.io/use-waypoint': 'waypoint' }),
    ...marks.pod(),
  };
  const ports = dice.some(
    [{ name: 'web', containerPort: 8080 }, { name: 'adm', containerPort: 9090 }, { containerPort: 5432 }],
    1 + dice.below(3),
  );
  const template = {
    metadata: { labels, annotations: marks.podAnnotations() },
    spec: {
      ...(account !== 'default' && { serviceAccountName: account }),
      containers: [{ name: 'main', image: 'main', ports }],
      ...marks.podSpec(),
    },
  };
  const services = servicesOf(namespace, name, hasWaypoint, making);
  return {
    applications: [{ namespace, name, account }],
    services: services.map(({ metadata }) => ({ namespace, name: String(Object(metadata).name) })),
    objects: [workloadOf(namespace, name, template, making), ...services],
  };
}

function workloadOf(namespace: string, name: string, template: JsonObject, { theme, dice }: Making): JsonObject {
  const metadata = { name, namespace };
  const kind = theme === 'enrolment' ? dice.pick(workloadKinds) : 'Deployment';
  const spec = { selector: { matchLabels: { app: name } }, template };
  if (kind === 'Pod')
    return { apiVersion: 'v1', kind, ...template, metadata: { ...Object(template.metadata), ...metadata } };
  if (kind === 'Job') return { apiVersion: 'batch/v1', kind, metadata, spec: { template } };
  if (kind === 'CronJob') {
    return {
      apiVersion: 'batch/v1',
      kind,
      metadata,
      spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } },
    };
  }
  return { apiVersion: 'apps/v1', kind, metadata, spec };
}

const workloadKinds = ['Deployment', 'Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'Job', 'CronJob'] as const;
