import { diagnostic } from '../diagnostics/create.js';
import { type Diagnostic, identityOf, type Located, type Result, type Span } from '../diagnostics/diagnostic.js';
import type { Authorization, Effect, GatewaySettings, Intent, Rule, Scope, SecuritySettings } from '../parse/ast.js';
import type { WrittenWaypoints } from '../parse/waypoints.js';
import type { Topology } from '../topology/model.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { groupBy, sortBy } from '../util/order.js';
import { checkAudits, checkRecorded, resolveAudit } from './audits.js';
import {
  allowedBeside,
  checkMode,
  defaultOfMode,
  reportContradictoryModes,
  ruleNameOf,
  rulesOfMode,
  type ScopedMode,
} from './authorization-modes.js';
import { bindAgain } from './bind-again.js';
import { checkAllowed } from './caller-exceptions.js';
import { bindGroups } from './caller-groups.js';
import { resolveCallers } from './callers.js';
import { resolveCompanions } from './companions.js';
import type { BindContext, ResolveContext } from './context.js';
import { deployedParts } from './deployed-parts.js';
import { indexDestinations } from './destinations.js';
import { resolveEgress } from './egress/resolve-egress.js';
import { hostsOfEgress } from './egress/said-hosts.js';
import { checkAuthorizers, resolveExternal } from './external.js';
import { resolveGatewaySecurity } from './gateways/resolve-gateway-security.js';
import { checkMandatesThrough, checkThrough, rulesThroughGateways, withoutThrough } from './gateways/through.js';
import { resolveGuardrails } from './guardrails.js';
import { checkInheritance, checkWatchedInheritance, resolveInheritances } from './inheritances.js';
import { checkBound, checkMandates, type ForAllRules, mandateOf } from './mandates.js';
import { indexNames } from './name-index.js';
import { whereNearest } from './nearest-modes.js';
import { checkPin, pinned } from './pinned.js';
import type { PlannedGateway } from './planned-gateway.js';
import { checkDeclaredProviders } from './providers.js';
import type { BoundScope, GroupIndex, Origin, ResolvedRule, Setting } from './resolved.js';
import type { Resolved } from './resolved-intents.js';
import { bindScope, namespaceOf, nearestOf, onceEach, scopeLabel } from './scopes.js';
import { settledDefaults } from './settled-defaults.js';
import { indexSources } from './sources.js';
import { isShadow } from './stages.js';
import { resolveTargets } from './targets.js';
import { resolveToken, withToken } from './tokens.js';
import { checkScopeFields } from './traffic/check-scope-fields.js';
import { resolveExports } from './traffic/exports/resolve-exports.js';
import { resolveGatewayLimits } from './traffic/limits/resolve-gateway-limits.js';
import { outsideHosts } from './traffic/outside/outside-hosts.js';
import { resolveReachability } from './traffic/reachability/resolve-reachability.js';
import { resolveGatewayTraffic } from './traffic/resolve-gateway-traffic.js';
import { resolveTraffic } from './traffic/resolve-traffic.js';
import { resolveTelemetry } from './traffic/telemetry/resolve-telemetry.js';
import { definedVersions, versionsNamedByGateways } from './traffic/versions-of-services.js';
import { resolveWaypoints } from './waypoints/resolve-waypoints.js';

/** Which day it is, for whatever is accepted until one; the same day, the same answers. */
interface Calendar extends Pick<ResolveContext, 'isInForce' | 'isBeforeEnd'> {
  readonly today?: string | undefined;
}

/** Binds every name of the intents to the topology. All faults are reported; what is left is whole. */
export function resolve(
  intents: readonly Intent[],
  topology: Topology,
  { today, isInForce, isBeforeEnd }: Calendar,
  planned: readonly PlannedGateway[] = [],
  waypoints: readonly WrittenWaypoints[] = [],
  recall: Recall = computeAnew,
): Result<Resolved> {
  const found = new Map<string, Diagnostic>();
  const parts = deployedParts(topology, recall);
  const trafficSettings = intents.filter((intent) => intent.kind === 'TrafficSettings');
  const routed = groupBy(trafficSettings, ({ scope }) => scope.kind);
  const security = sortBy(
    intents.filter((intent) => intent.kind === 'SecuritySettings'),
    ({ name }) => name.value,
  );
  const callerGroups = intents.filter((intent) => intent.kind === 'CallerGroup');
  const hosts = routed.get('host') ?? [];
  const ofEgress = hostsOfEgress(security, topology.mesh.rootNamespace);
  const alone: ResolveContext = {
    topology,
    destinations: indexDestinations(topology),
    sources: indexSources(topology),
    names: indexNames(topology, recall),
    groups: noGroups,
    outside: outsideHosts(topology, hosts, ofEgress),
    planned,
    isInForce,
    isBeforeEnd,
    // Settings are bound for each thing that they say, and a wrong name is told once.
    report: (each) => found.set(identityOf(each), each),
  };
  const bind = <T>(
    around: ResolveContext,
    place: string,
    inputs: readonly unknown[],
    bindPart: (inner: BindContext) => T,
  ): T => bindAgain(around, parts, recall, place, inputs, bindPart);
  const groups = bind(alone, 'groups of callers', callerGroups, (inner) => bindGroups(inner, callerGroups));
  const context = { ...alone, groups };
  checkDeclaredProviders(context);
  reportDuplicates(context, intents);
  for (const each of security) {
    reportDuplicateRules(context, each.name.value, rulesOf(each));
    checkMode(context, each);
    checkAudits(context, each);
    checkInheritance(context, each);
    checkBound(context, each);
    checkThrough(context, each);
    checkMandatesThrough(context, each);
  }
  const settings = security.flatMap((each) => {
    const { name, scope } = each;
    if (scope.kind === 'gateway') return [];
    const bound = bind(context, `settings ${name.value}`, [each, today], (inner) =>
      resolveSecurity(inner, each, scope),
    );
    if (bound !== nothing) checkAuthorizers(context, each);
    return [bound];
  });
  const defaults = onceEach(
    context,
    'contradictory-default',
    settings.flatMap((each) => each.defaults),
  );
  const mtls = onceEach(
    context,
    'contradictory-mtls',
    settings.flatMap((each) => each.mtls),
  );
  reportContradictoryModes(
    context,
    settings.flatMap((each) => each.modes),
  );
  const inheritances = resolveInheritances(
    context,
    settings.flatMap((each) => each.inheritances),
  );
  const ofModes = settings.flatMap((each) => each.rulesOfModes);
  const rules = [...settings.flatMap((each) => each.rules), ...whereNearest(ofModes, { defaults, inheritances })];
  checkWatchedInheritance(context, security, inheritances, rules);
  reportUselessAllows(context, rules, defaults, settledDefaults(context, defaults, inheritances));
  for (const each of trafficSettings) checkScopeFields(context, each);
  const [ofServices, ofGateways] = [routed.get('service') ?? [], routed.get('gateway') ?? []];
  const inOrder = [...ofServices, ...hosts];
  const egress = resolveEgress(context, security);
  const traffic = resolveTraffic(context, inOrder, versionsNamedByGateways(ofGateways), egress);
  const gatewayTraffic = resolveGatewayTraffic(context, ofGateways, definedVersions(ofServices));
  const gatewaySecurity = resolveGatewaySecurity(
    context,
    security.filter(isOfGateway),
    rulesThroughGateways(security),
    gatewayTraffic,
  );
  const plaintext = settings.flatMap((each) => each.plaintext);
  const audits = settings.flatMap((each) => each.audits);
  checkMandates(context, { defaults, mtls, plaintext, inheritances });
  const guardrails = intents.filter((intent) => intent.kind === 'Guardrail');
  for (const { name, checks } of guardrails) reportDuplicateRules(context, name.value, checks);
  const telemetry = resolveTelemetry(context, trafficSettings);
  checkRecorded(context, audits, telemetry);
  return {
    value: {
      topology,
      rules,
      defaults,
      mtls,
      inheritances,
      plaintext,
      audits,
      egress,
      companions: resolveCompanions(context, security),
      traffic,
      gatewayTraffic,
      gatewayLimits: resolveGatewayLimits(context, ofGateways),
      gatewaySecurity,
      outsideHosts: context.outside,
      plannedGateways: planned,
      reachability: resolveReachability(context, trafficSettings),
      telemetry,
      exports: resolveExports(context, trafficSettings),
      guardrails: resolveGuardrails(context, guardrails),
      waypoints: whereWaypointsStand(context, waypoints, recall),
    },
    diagnostics: [...found.values()],
  };
}

function whereWaypointsStand(
  context: ResolveContext,
  written: readonly WrittenWaypoints[],
  recall: Recall,
): Resolved['waypoints'] {
  const { value, diagnostics } = recall('where waypoints stand', '', [context.topology, ...written], () => {
    const own: Diagnostic[] = [];
    return { value: resolveWaypoints({ ...context, report: (told) => own.push(told) }, written), diagnostics: own };
  });
  for (const told of diagnostics) context.report(told);
  return value;
}

const noGroups: GroupIndex = new Map();

interface ResolvedSettings
  extends Pick<Resolved, 'rules' | 'defaults' | 'mtls' | 'inheritances' | 'plaintext' | 'audits'> {
  readonly modes: readonly ScopedMode[];
  readonly rulesOfModes: readonly ResolvedRule[];
}

const nothing: ResolvedSettings = {
  rules: [],
  defaults: [],
  mtls: [],
  inheritances: [],
  plaintext: [],
  audits: [],
  modes: [],
  rulesOfModes: [],
};

function isOfGateway(settings: SecuritySettings): settings is GatewaySettings {
  return settings.scope.kind === 'gateway';
}

function resolveSecurity(context: BindContext, settings: SecuritySettings, written: Scope): ResolvedSettings {
  const scope = bindScope(context, written);
  if (scope === undefined) return nothing;
  const { authorization, mtls } = settings;
  checkPin(context, authorization);
  const name = settings.name.value;
  const forRules = forAll(context, authorization);
  const forMtls = forAll(context, mtls);
  const rule = (effect: Effect) => (each: Rule) =>
    resolveRule(context, name, scope, effect, pinned(authorization, each), forRules);
  const exception = (each: Rule) => resolveRule(context, name, scope, 'Allow', each, forMtls);
  if (isShadow(settings))
    for (const each of authorization?.external ?? [])
      context.report(diagnostic('authorizer-not-watched', { settings: name }, each.name.span));
  if (mtls && isShadow(settings)) context.report(diagnostic('mtls-not-watched', { settings: name }, mtls.mode.span));
  if (mtls && mtls.mode.value !== 'Strict') {
    for (const each of mtls.plaintext) context.report(diagnostic('plaintext-without-strict', {}, each.name.span));
  }
  return {
    rules: [
      ...withoutThrough(authorization ? allowedBeside(authorization) : []).map(rule('Allow')),
      ...withoutThrough(authorization?.deny ?? []).map(rule('Deny')),
      ...(authorization?.external ?? []).map((each) =>
        resolveExternal(context, name, scope, pinned(authorization, each), forRules),
      ),
    ],
    defaults: authorization ? defaultsOf(name, scope, authorization, forRules) : [],
    modes: authorization?.mode ? [{ scope, mode: authorization.mode }] : [],
    rulesOfModes: authorization ? rulesOfMode(context, name, scope, authorization, forRules.accept) : [],
    mtls: mtls ? [setting(name, 'mtls', scope, mtls.mode, forMtls)] : [],
    inheritances: authorization?.inheritance
      ? [setting(name, 'inheritance', scope, authorization.inheritance, { accept: [], mandate: undefined })]
      : [],
    plaintext: mtls?.plaintext.map(exception) ?? [],
    audits: (authorization?.audit ?? []).map((each) => resolveAudit(context, name, scope, each)),
  };
}

function defaultsOf(
  settings: string,
  scope: BoundScope,
  { mode, default: own }: Authorization,
  wide: ForAllRules,
): ReadonlyArray<Setting<Effect>> {
  if (mode) return [setting(settings, 'mode', scope, { value: defaultOfMode[mode.value], span: mode.span }, wide)];
  return own ? [setting(settings, 'default', scope, own, wide)] : [];
}

function forAll(context: BindContext, document: Pick<Rule, 'accept' | 'mandate'> | undefined): ForAllRules {
  return { accept: (document?.accept ?? []).filter(context.isInForce), mandate: mandateOf(document?.mandate) };
}

function resolveRule(
  context: BindContext,
  settings: string,
  scope: BoundScope,
  effect: Effect,
  rule: Rule,
  wide: ForAllRules,
): ResolvedRule {
  const { reason, owner, ticket } = rule;
  const token = resolveToken(context, rule.token);
  const callers = resolveCallers(context, rule.from, namespaceOf(scope), rule.name.span);
  if (effect === 'Allow') checkAllowed(context, callers);
  return {
    origin: { id: `${settings}/${rule.name.value}`, span: rule.name.span, reason, owner, ticket },
    scope,
    mandate: mandateOf(rule.mandate, wide.mandate),
    effect,
    authorizer: undefined,
    callers,
    targets: resolveTargets(context, withToken(rule, token), scope, rule.name.span, effect === 'Deny'),
    issuers: token.issuers,
    ...(rule.pin && { pin: rule.pin }),
    accept: [...rule.accept.filter(context.isInForce), ...wide.accept],
  };
}

function rulesOf({ authorization, mtls, egress }: SecuritySettings): ReadonlyArray<Pick<Rule, 'name'>> {
  const { allow = [], deny = [], external = [], audit = [] } = authorization ?? {};
  const ofMode = authorization ? ruleNameOf(authorization) : [];
  return [...allow, ...deny, ...external, ...audit, ...(mtls?.plaintext ?? []), ...(egress?.allow ?? []), ...ofMode];
}

function setting<T>(
  settings: string,
  field: string,
  scope: BoundScope,
  { value, span }: Located<T>,
  wide: ForAllRules,
): Setting<T> {
  return { value, scope, origin: plainOrigin(`${settings}/${field}`, span), ...wide };
}

function plainOrigin(id: string, span: Span): Origin {
  return { id, span, reason: undefined, owner: undefined, ticket: undefined };
}

function reportDuplicates(context: ResolveContext, intents: readonly Intent[]): void {
  reportRepeats(
    intents.map(({ kind, name }) => ({ key: `${kind} ${name.value}`, kind, name })),
    ({ kind, name }, first) => {
      const notes = [{ message: 'the first is here', span: first.name.span }];
      context.report(diagnostic('duplicate-settings', { kind, name: name.value }, name.span, { notes }));
    },
  );
}

function reportDuplicateRules(
  context: ResolveContext,
  settings: string,
  rules: ReadonlyArray<{ readonly name: Located<string> }>,
): void {
  reportRepeats(
    rules.map(({ name }) => ({ key: name.value, name })),
    ({ name }, first) => {
      const notes = [{ message: 'the first is here', span: first.name.span }];
      context.report(diagnostic('duplicate-rule', { name: name.value, settings }, name.span, { notes }));
    },
  );
}

function reportRepeats<T extends { readonly key: string }>(
  items: readonly T[],
  report: (item: T, first: T) => void,
): void {
  const seen = new Map<string, T>();
  for (const item of items) {
    const first = seen.get(item.key);
    if (first === undefined) seen.set(item.key, item);
    else report(item, first);
  }
}

/** Under `default: Allow` an allow rule says nothing; whoever writes one means Deny for the rest. */
function reportUselessAllows(
  context: ResolveContext,
  rules: readonly ResolvedRule[],
  defaults: Resolved['defaults'],
  settled: Resolved['defaults'],
): void {
  const [nearest, deciding] = [nearestOf(defaults), nearestOf(settled)];
  for (const { effect, targets, origin, scope } of rules) {
    if (effect !== 'Allow' || targets.length === 0) continue;
    const isUseless = targets.every(({ destination }) => {
      const own = nearest(destination);
      const isBeside = own?.value === 'Allow' && scopeLabel(own.scope) === scopeLabel(scope);
      return isBeside || deciding(destination)?.value !== 'Deny';
    });
    if (isUseless) context.report(diagnostic('allow-without-default', { rule: origin.id }, origin.span));
  }
}
