import type { ArgoRollout, RolloutRoute } from '../../../topology/rollouts/argo-rollout.js';
import type { RolloutFault, RolloutSite } from './rollout-site.js';
import { objectInWords as inWords, isSplit, type RoutingObject } from './routing-objects.js';
import { versionFaults } from './version-faults.js';

/** None where a Rollout changes no routes at all: then it goes by the number of its pods. */
export function faultsOf(rollout: ArgoRollout, site: RolloutSite): readonly RolloutFault[] {
  const pairs = rollout.routes.flatMap((route) => {
    const object = site.objects.find((each) => isNamed(each, route));
    return object ? [{ route, object }] : [];
  });
  return [
    ...unnamed(rollout, site.objects),
    ...pairs.flatMap(({ route, object }) => [
      ...fixedWeights(route, object),
      ...ruleNames(route, object),
      ...(isSplit(object) ? versionFaults(rollout, route, site, object) : []),
    ]),
  ];
}

function isNamed({ kind, namespace, name }: RoutingObject, route: RolloutRoute): boolean {
  return kind === route.kind && namespace === route.namespace && name === route.name;
}

/** Weights that are said to be a controller's, and that it does not know of. */
function unnamed({ routes }: ArgoRollout, objects: readonly RoutingObject[]): readonly RolloutFault[] {
  const [first] = routes;
  const missed = objects.filter((object) => isSplit(object) && !routes.some((route) => isNamed(object, route)));
  if (first === undefined) return [];
  return missed.map((object) => ({
    why: `it changes the weights of ${inWords(first)}, and requests are split by ${inWords(object)}`,
    help: `name it: ${naming(object)}`,
    path: first.path,
  }));
}

function naming({ kind, name, rules }: RoutingObject): string {
  const routes = rules.flatMap((rule) => (rule.isExternal ? (rule.name ?? []) : [])).join(', ');
  const field = kind === 'TCPRoute' ? 'tcpRoutes' : 'httpRoutes';
  return kind === 'VirtualService'
    ? `\`istio: { virtualService: { name: ${name}, routes: [${routes}] } }\``
    : `\`plugins: { argoproj-labs/gatewayAPI: { ${field}: [{ name: ${name} }] } }\``;
}

function fixedWeights({ path }: RolloutRoute, object: RoutingObject): readonly RolloutFault[] {
  const fixed = object.rules.find(({ versions, isExternal }) => versions.length > 1 && !isExternal);
  if (fixed === undefined) return [];
  const why = `it changes the weights of ${inWords(object)}, which are those of \`${fixed.route}\``;
  return [{ why, help: 'write `weights: External` into the settings: theirs are then to start with', path }];
}

/** Rules of a VirtualService are named one by one, unless there is only one. */
function ruleNames({ rules: named, path }: RolloutRoute, object: RoutingObject): readonly RolloutFault[] {
  if (object.kind !== 'VirtualService') return [];
  const external = object.rules.filter(({ isExternal }) => isExternal).flatMap(({ name }) => name ?? []);
  const known = new Set(object.rules.map(({ name }) => name));
  if (external.length === 0) return [];
  const unknown = named.find((name) => !known.has(name));
  const left = external.filter((name) => !named.includes(name));
  const help = `name all of them: \`routes: [${external.join(', ')}]\``;
  if (unknown !== undefined) return [{ why: `${inWords(object)} has no route \`${unknown}\``, help, path }];
  if (left.length === 0 || (named.length === 0 && object.rules.length === 1)) return [];
  return [{ why: `it does not name route \`${left[0]}\` of ${inWords(object)}`, help, path }];
}
