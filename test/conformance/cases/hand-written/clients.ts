import type { JsonObject } from '../../../../src/parse/document.js';
import { type Dice, diceOf } from '../dice.js';
import { applicationNames, type World } from './world.js';

/** What decides how a client calls: TLS settings of DestinationRules, and what a Sidecar shows it. */
export function clientObjects(world: World, dice: Dice): readonly JsonObject[] {
  if (world.theme !== 'clients' && world.theme !== 'headless')
    return dice.chance(0.15) ? [destinationRule(world, 0, dice)] : [];
  const rules = Array.from({ length: dice.below(3) }, (_, index) => destinationRule(world, index, dice));
  const own = dice.chance(0.5) ? [sidecar(world, dice)] : [];
  const more = diceOf(JSON.stringify([world.objects, rules, own]));
  return [
    ...rules,
    ...(more.chance(0.3) ? sameSidecars(world, more) : own),
    ...(more.chance(0.3) ? [routeForName(world, more)] : []),
  ];
}

/** One in each of several namespaces, all of which import the same. */
function sameSidecars(world: World, dice: Dice): readonly JsonObject[] {
  const hosts = dice.list(() => dice.pick(['*/*', 'shop/*', 'pay/*', 'ops/*', 'istio-system/*']));
  return dice.some(world.namespaces, 2 + dice.below(2)).map((namespace) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'same', namespace },
    spec: { egress: [{ hosts }] },
  }));
}

/** A VirtualService for one of the names by which clients call a Service. */
function routeForName({ services, namespaces }: World, dice: Dice): JsonObject {
  const [named, other] = [dice.pick(services), dice.pick(services)];
  const name = `${named.name}.${named.namespace}`;
  const to = dice.chance(0.7) ? named : other;
  const host = `${to.name}.${to.namespace}.svc.cluster.local`;
  const match = { match: [{ sourceNamespace: dice.pick(namespaces) }] };
  const stopped = { ...match, directResponse: { status: dice.pick([403, 404]) } };
  const onward = { ...(dice.chance(0.3) && match), route: [{ destination: { host } }] };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'for-name', namespace: dice.pick(namespaces) },
    spec: {
      hosts: [dice.pick([name, name, `${name}.svc`, `${name}.svc.cluster.local`])],
      http: [...(dice.chance(0.4) ? [stopped] : []), onward],
      ...(dice.chance(0.2) && { exportTo: [dice.pick(['.', '*', ...namespaces])] }),
    },
  };
}

const modes = ['DISABLE', 'ISTIO_MUTUAL', 'ISTIO_MUTUAL', 'SIMPLE'];

function destinationRule(world: World, index: number, dice: Dice): JsonObject {
  const service = dice.pick(world.services);
  const host = dice.pick([
    `${service.name}.${service.namespace}.svc.cluster.local`,
    `${service.name}.${service.namespace}.svc.cluster.local`,
    `*.${service.namespace}.svc.cluster.local`,
    '*.local',
  ]);
  const tls = (): JsonObject => ({ tls: { mode: dice.pick(modes) } });
  const ofPort = { portLevelSettings: [{ port: { number: dice.pick([80, 8080, 5432]) }, ...tls() }] };
  const rule = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: {
      name: `dr${index}`,
      namespace: dice.pick([service.namespace, service.namespace, 'istio-system', ...world.namespaces]),
    },
    spec: {
      host,
      trafficPolicy: { ...(dice.chance(0.8) && tls()), ...(dice.chance(0.25) && ofPort) },
      ...(dice.chance(0.15) && { exportTo: [dice.pick(['.', '*'])] }),
      ...(dice.chance(0.1) && { workloadSelector: { matchLabels: { app: dice.pick(applicationNames) } } }),
    },
  };
  return diceOf(JSON.stringify(rule)).chance(0.2) ? keepingAddress(rule) : rule;
}

/** The same, whose clients keep the address that was chosen. */
function keepingAddress(rule: { readonly spec: JsonObject & { readonly trafficPolicy: JsonObject } }): JsonObject {
  const { spec, ...rest } = rule;
  const trafficPolicy = { loadBalancer: { simple: 'PASSTHROUGH' }, ...spec.trafficPolicy };
  return { ...rest, spec: { ...spec, trafficPolicy } };
}

function sidecar(world: World, dice: Dice): JsonObject {
  const namespace = dice.pick([...world.namespaces, 'istio-system']);
  const hosts = dice.list(
    () => dice.pick(['./*', '*/*', 'shop/*', '~/*', 'pay/api.pay.svc.cluster.local', 'istio-system/*']),
    3,
  );
  const ingress = {
    port: { number: 8080, protocol: dice.pick(['HTTP', 'TCP']), name: 'in' },
    defaultEndpoint: '127.0.0.1:8080',
  };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'sidecar', namespace },
    spec: {
      ...(namespace !== 'istio-system' &&
        dice.chance(0.5) && { workloadSelector: { labels: { app: dice.pick(applicationNames) } } }),
      egress: [{ hosts }],
      ...(dice.chance(0.2) && { ingress: [ingress] }),
      ...(dice.chance(0.2) && { outboundTrafficPolicy: { mode: dice.pick(['REGISTRY_ONLY', 'ALLOW_ANY']) } }),
    },
  };
}
