import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedDestinationRule } from '../../../ir/placed-traffic.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { isManaged, type ManifestObject, spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Destination, Source } from '../../../resolve/resolved.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { keyOf } from '../../../topology/model.js';
import { sortBy, sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { homeOf, isVisibleIn, items, matchesHost, namesService } from './route-objects.js';
import { clashOf, isForSome, routingProxies, specOf } from './rules-of-one-host.js';

/**
 * What a DestinationRule of Ambit's says is in force. A proxy takes the first that matches of its own namespace, the
 * Service's and the root namespace, the most exact host before others, and merges only those of one namespace and one
 * host (T-07).
 */
export function checkDestinationRules(
  context: PlaceContext,
  policy: DestinationPolicy,
  traffic: ResolvedTraffic,
  placed: PlacedDestinationRule,
  callers: readonly Source[],
): void {
  const destination = hostOf(policy, placed);
  const rules = foreignRules(context, policy);
  const ofService = rules.filter(
    (rule) => homeOf(rule) === destination.namespace && namesService(rule, specOf(rule).host, destination),
  );
  const exportedByDefault = context.clusterOf(policy).settings.istio.defaultDestinationRuleExportTo;
  const proxies = routingProxies(context.clusterOf(policy), callers);
  for (const rule of ofService) {
    const clash = clashOf(rule, placed, exportedByDefault, proxies);
    if (clash !== undefined) reportExisting(context, destination, traffic, rule, clash);
  }
  for (const namespace of proxyNamespaces(policy, callers)) {
    const [first] = matching(rules, namespace, destination);
    if (first === undefined) continue;
    if (!hasSubsets(first, placed)) reportUnseen(context, destination, traffic, first);
    if (placed.settings !== undefined) reportOverruled(context, destination, traffic, first);
  }
  const merged = ofService.filter((rule) => !isForSome(rule));
  const others = rules.filter((rule) => !isForSome(rule));
  if (merged.length === 0) checkHidden(context, destination, traffic, others);
}

/** The Service that a rule is for: the whole, or one that stands for a version of it. */
function hostOf({ destination }: DestinationPolicy, { name, host }: PlacedDestinationRule): Destination {
  const { service } = destination;
  return service?.host === host
    ? destination
    : { ...destination, name, service: service && { ...service, name, host } };
}

function foreignRules(context: PlaceContext, policy: DestinationPolicy): ManifestObject[] {
  return context.clusterOf(policy).routes.filter((route) => route.kind === 'DestinationRule' && !isManaged(route));
}

function hasSubsets(rule: ManifestObject, { subsets }: PlacedDestinationRule): boolean {
  const names = new Set(subsetsOf(rule));
  return subsets.every(({ name }) => names.has(name));
}

function subsetsOf(rule: ManifestObject): unknown[] {
  return items(specOf(rule).subsets).map(({ name }) => name);
}

/** Where the proxies are that route: those of the callers, and the waypoint. */
function proxyNamespaces({ destination, waypoint }: DestinationPolicy, callers: readonly Source[]): string[] {
  const routing = callers.filter(({ plane }) => plane === 'sidecar');
  const namespaces = routing.map(({ name }) => name.slice(0, name.indexOf('/')));
  return sortedUnique([...namespaces, ...(waypoint ? [waypoint.namespace] : [])]).filter(
    (namespace) => namespace !== destination.namespace,
  );
}

/** The rules of a namespace that match the Service, the most exact host first. */
function matching(rules: readonly ManifestObject[], namespace: string, destination: Destination): ManifestObject[] {
  const host = destination.service?.host ?? '';
  const found = rules.filter(
    (rule) =>
      homeOf(rule) === namespace &&
      (namesService(rule, specOf(rule).host, destination) || matchesHost(specOf(rule).host, host)),
  );
  return sortBy(
    found,
    (rule) => (String(specOf(rule).host).startsWith('*') ? 1 : 0),
    (rule) => -String(specOf(rule).host).length,
  );
}

function reportExisting(
  context: PlaceContext,
  destination: Destination,
  traffic: ResolvedTraffic,
  rule: ManifestObject,
  why: string,
): void {
  const parameters = { rule: nameOf(rule), destination: destinationLabel(destination), why };
  const notes = [{ message: 'the settings are here', span: traffic.origin.span }];
  context.report(diagnostic('destination-rule-exists', parameters, spanIn(rule, ['metadata', 'name']), { notes }));
}

function reportUnseen(
  context: PlaceContext,
  destination: Destination,
  traffic: ResolvedTraffic,
  rule: ManifestObject,
): void {
  const { parameters, notes } = usedAlone(destination, rule);
  const witness = `a sidecar of namespace ${homeOf(rule)} sends a request to ${keyOf(destination)} and gets 503: it knows no version of it`;
  context.report(diagnostic('versions-unseen', parameters, traffic.origin.span, { witness, notes }));
}

function reportOverruled(
  context: PlaceContext,
  destination: Destination,
  traffic: ResolvedTraffic,
  rule: ManifestObject,
): void {
  const { parameters, notes } = usedAlone(destination, rule);
  context.report(diagnostic('settings-overruled', parameters, traffic.origin.span, { notes }));
}

/** What there is to say of a rule that clients of its namespace obey instead of Ambit's. */
function usedAlone(destination: Destination, rule: ManifestObject) {
  const parameters = { rule: nameOf(rule), namespace: homeOf(rule), destination: destinationLabel(destination) };
  const span = spanIn(rule, ['metadata', 'name']);
  return { parameters, notes: [{ message: 'the rule of the client’s own namespace is used alone (T-07)', span }] };
}

/** Settings that hold for the Service today, and no longer beside a rule of its own host. */
function checkHidden(
  context: PlaceContext,
  destination: Destination,
  traffic: ResolvedTraffic,
  rules: readonly ManifestObject[],
): void {
  const { rootNamespace } = context.ir.topology.mesh;
  const seen = rules.filter((rule) => isVisibleIn(rule, destination.namespace));
  const namespaces = [...new Set([destination.namespace, rootNamespace])];
  const [hidden] = namespaces.flatMap((namespace) => matching(seen, namespace, destination));
  if (hidden === undefined) return;
  const help = 'repeat them in a DestinationRule for its host in its namespace: Istio merges the two';
  reportHidden(context, destination, traffic, hidden, help);
}

/** A route to Services of versions leads past what is said of the whole Service's host (T-07). */
export function checkPassedRules(context: PlaceContext, policy: DestinationPolicy, traffic: ResolvedTraffic): void {
  if (traffic.versions.length === 0) return;
  const { destination } = policy;
  const help = 'repeat them in DestinationRules for the Services of the versions';
  for (const rule of foreignRules(context, policy)) {
    if (namesService(rule, specOf(rule).host, destination)) reportHidden(context, destination, traffic, rule, help);
  }
}

function reportHidden(
  context: PlaceContext,
  destination: Destination,
  traffic: ResolvedTraffic,
  rule: ManifestObject,
  help: string,
): void {
  if (specOf(rule).trafficPolicy === undefined) return;
  const what = traffic.versions.length > 0 ? 'its versions' : 'these settings';
  const parameters = { rule: nameOf(rule), destination: destinationLabel(destination), what };
  const notes = [{ message: 'the settings', span: spanIn(rule, ['spec', 'trafficPolicy']) }];
  context.report(diagnostic('destination-rule-hidden', parameters, traffic.origin.span, { notes, help }));
}

function nameOf(rule: ManifestObject): string {
  return keyOf({ namespace: homeOf(rule), name: rule.name });
}
