import type { ArgoRollout, RolloutRoute } from '../../../topology/rollouts/argo-rollout.js';
import type { RolloutFault, RolloutSite } from './rollout-site.js';
import { objectInWords, type RoutingObject } from './routing-objects.js';

/** What a Rollout makes of the two versions between which an object splits requests, and of what else stands there. */
export function versionFaults(
  rollout: ArgoRollout,
  route: RolloutRoute,
  site: RolloutSite,
  object: RoutingObject,
): readonly RolloutFault[] {
  const ofVersions =
    object.kind === 'VirtualService' ? subsetFaults(rollout, site) : serviceFaults(rollout, site, object);
  const ofPlaces =
    object.kind === 'VirtualService' ? placesRemoved(rollout, object) : rulesRemoved(rollout, route, site, object);
  // With other versions than are meant, what becomes of them says nothing more.
  return (ofVersions.length > 0 ? ofVersions : ofPlaces).map((fault) => ({ ...fault, path: route.path }));
}

type Fault = Omit<RolloutFault, 'path'>;

/** It tells pods apart by a label that it adds to two subsets, and takes all other subsets out. */
function subsetFaults(
  { stable, canary, destinationRule }: ArgoRollout,
  { destinationRule: own }: RolloutSite,
): Fault[] {
  if (own === undefined) return [];
  const names = own.subsets.map(({ name }) => name);
  const named = [stable.subset, canary.subset];
  const rule = `DestinationRule \`${own.name}\``;
  const help = `name it with two of ${listed(names)}: \`destinationRule: { name: ${own.name}, stableSubsetName: …, canarySubsetName: … }\``;
  if (destinationRule !== own.name)
    return [{ why: `the versions are subsets of ${rule}, which it does not name`, help }];
  const unknown = named.find((name) => name !== undefined && !names.includes(name));
  if (unknown !== undefined) return [{ why: `${rule} has no subset \`${unknown}\``, help }];
  const other = names.find((name) => !named.includes(name));
  if (other === undefined) return [];
  return [{ why: `it takes version \`${other}\` out of ${rule}, and every other that is not its own`, help: twoAlone }];
}

const twoAlone = 'let routes lead to its two versions alone';

/** It takes every place but its two out of a rule whose weights it changes. */
function placesRemoved({ stable, canary }: ArgoRollout, { rules }: RoutingObject): Fault[] {
  const named = [stable.subset, canary.subset];
  const changed = rules.find(
    ({ isExternal, versions }) =>
      isExternal && !versions.every((version) => version !== undefined && named.includes(version)),
  );
  if (changed === undefined) return [];
  return [{ why: `it takes every place but its two out of route \`${changed.route}\``, help: twoAlone }];
}

/** It tells pods apart by a label that it adds to the selectors of two Services. */
function serviceFaults(
  { stable, canary }: ArgoRollout,
  { services, whole }: RolloutSite,
  { rules }: RoutingObject,
): Fault[] {
  const isWhole = rules.some(({ isExternal, versions }) => isExternal && versions.includes(undefined));
  const names = [...services.map(({ name }) => name), ...(isWhole ? [whole] : [])];
  const other = [stable.service, canary.service].find((name) => name === undefined || !names.includes(name));
  const isKnown = [stable.service, canary.service].every((name) => name !== undefined && names.includes(name));
  if (isKnown) return [];
  const its =
    other === undefined ? 'it does not name both of its Services' : `its Service \`${other}\` is for no version`;
  const help = 'write these as `stableService` and `canaryService`, or call the versions after its Services';
  return [{ why: `${its}: those of the versions are ${listed(names)}`, help }];
}

/** Its plugin for Gateway API takes rules for the canary alone for its own, and takes them out in the end. */
function rulesRemoved(
  { canary }: ArgoRollout,
  { managesRules }: RolloutRoute,
  { services }: RolloutSite,
  object: RoutingObject,
): Fault[] {
  const version = services.find(({ name }) => name === canary.service)?.version;
  const lost = object.rules.find(({ versions }) => versions.length === 1 && versions[0] === version);
  if (!managesRules || version === undefined || lost === undefined) return [];
  const why = `its plugin takes rules that lead to the canary alone out of ${objectInWords(object)}, such as \`${lost.route}\``;
  return [{ why, help: `name the route under \`httpRoutes: [{ name: ${object.name} }]\`: then it leaves them alone` }];
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(' and ');
}
