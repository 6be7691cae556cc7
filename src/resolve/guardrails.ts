import { diagnostic } from '../diagnostics/create.js';
import type { Located } from '../diagnostics/diagnostic.js';
import type {
  CallerReference,
  Guardrail,
  GuardrailCaller,
  GuardrailCheck,
  GuardrailTarget,
  Modality,
} from '../parse/ast.js';
import { milliseconds } from '../util/duration.js';
import { sortBy } from '../util/order.js';
import { resolveCallers } from './callers.js';
import { checkConditions } from './conditions.js';
import type { ResolveContext } from './context.js';
import { clusterNames, nearNames } from './names.js';
import type { Caller } from './resolved.js';
import type { MeantCaller, MeantGateway, MeantTarget, ResolvedGuardrail } from './resolved-guardrail.js';
import { resolveTargets } from './targets.js';

/** Binds the checks of guardrails: names are looked up in the whole mesh, and an unknown one is an error as in a rule. */
export function resolveGuardrails(context: ResolveContext, guardrails: readonly Guardrail[]): ResolvedGuardrail[] {
  return sortBy(guardrails, ({ name }) => name.value).flatMap(({ name, checks }) =>
    checks.map((check) => resolveCheck(context, name.value, check)),
  );
}

function resolveCheck(context: ResolveContext, guardrail: string, check: GuardrailCheck): ResolvedGuardrail {
  const { modality, name, reason, from, to, addressing, includesProxyPorts, faults, cluster } = check;
  if (cluster !== undefined) checkCluster(context, cluster);
  return {
    guardrail,
    name: name.value,
    span: name.span,
    reason,
    modality,
    callers: from?.flatMap((caller) => meantCallers(context, caller)) ?? [{ kind: 'anyone' }],
    targets: meantTargets(
      context,
      to?.filter(({ gateway }) => gateway === undefined),
      name.span,
      modality !== 'always',
    ),
    gateways: to?.flatMap((target) => meantGateways(context, target)) ?? [],
    addressing,
    includesProxyPorts,
    faults,
    cluster: cluster?.value,
    traffic: trafficClaim(context, check),
  };
}

/** What only a check of one modality can say, and what a check about traffic cannot. */
const belongsTo: Readonly<Record<string, Modality>> = { with: 'never', timeout: 'always', retries: 'always' };
const ofAccess: readonly string[] = ['addressing', 'except'];

function trafficClaim({ report }: ResolveContext, { traffic, fields, modality }: GuardrailCheck) {
  const claims = fields.filter(({ value }) => value in belongsTo);
  const [first] = claims;
  if (first === undefined) return undefined;
  for (const { value, span } of claims) {
    const place = belongsTo[value];
    if (place !== modality && place !== undefined) {
      report(diagnostic('guardrail-field-misplaced', { field: value, why: `belongs below \`${place}\`` }, span));
    }
  }
  for (const { value, span } of fields.filter((field) => ofAccess.includes(field.value))) {
    const why = `says nothing beside \`${first.value}\``;
    report(diagnostic('guardrail-field-misplaced', { field: value, why }, span, { help: `remove \`${value}\`` }));
  }
  const { never, timeoutAtMost, retriesAtMost } = traffic;
  const longest = timeoutAtMost === undefined ? undefined : milliseconds(timeoutAtMost);
  return { never, longest, mostRetries: retriesAtMost };
}

function checkCluster({ topology, report }: ResolveContext, { value, span }: Located<string>): void {
  const names = topology.clusters.map(({ name }) => name);
  if (names.includes(value)) return;
  const help = { help: `the mesh has ${clusterNames(topology)}` };
  report(diagnostic('unknown-cluster-name', { name: value }, span, { ...help, ...nearNames(value, names) }));
}

function meantCallers(context: ResolveContext, caller: GuardrailCaller): MeantCaller[] {
  if (caller.kind === 'plaintext' || caller.kind === 'fromOutside') return [{ kind: caller.kind }];
  if (caller.kind === 'outside') return [{ kind: 'outside', namespaces: knownNamespaces(context, caller.namespaces) }];
  if (caller.kind === 'group' && context.groups.has(caller.reference)) {
    const members = context.groups.get(caller.reference) ?? [];
    return members.map((member) => meantBy(member.reference, member.caller));
  }
  return resolveCallers(context, [caller], undefined, caller.span).map((bound) => meantBy(caller, bound));
}

/** Each is looked up as a caller, so that an unknown one is reported in the same words. */
function knownNamespaces(context: ResolveContext, namespaces: ReadonlyArray<Located<string>>): readonly string[] {
  return namespaces.flatMap(({ value, span }) => {
    const found = resolveCallers(context, [{ kind: 'namespace', reference: value, except: [], span }], undefined, span);
    return found.length > 0 ? [value] : [];
  });
}

function meantBy(written: CallerReference, bound: Caller): MeantCaller {
  switch (bound.kind) {
    case 'identities':
      return { kind: 'sources', sources: bound.members };
    case 'namespace':
      return { kind: 'namespace', namespace: bound.namespace };
    case 'addresses':
    case 'unidentified': {
      const ipBlocks = bound.kind === 'addresses' ? bound.ipBlocks : [];
      return written.kind === 'external'
        ? { kind: 'external', name: written.reference, ipBlocks }
        : { kind: 'addresses', ipBlocks };
    }
    default:
      return { kind: bound.kind };
  }
}

function meantTargets(
  context: ResolveContext,
  to: readonly GuardrailTarget[] | undefined,
  span: Caller['span'],
  refuses: boolean,
): MeantTarget[] {
  const targets = (to ?? [undefined]).map((target) => ({
    bound: resolveTargets(context, target && [target], { kind: 'mesh' }, span, refuses),
    withoutToken: target?.token === 'Absent',
  }));
  return targets.flatMap(({ bound, withoutToken }) => bound.map((target) => ({ ...target, withoutToken })));
}

function meantGateways(context: ResolveContext, { gateway, port, conditions, token }: GuardrailTarget): MeantGateway[] {
  if (gateway === undefined) return [];
  checkConditions(context, conditions);
  const { value: reference, span } = gateway;
  const found = resolveCallers(context, [{ kind: 'gateway', reference, except: [], span }], undefined, span);
  const members = found.flatMap((each) => (each.kind === 'identities' ? each.members : []));
  const requests = { conditions, withoutToken: token === 'Absent', port: port && Number(port.value) };
  return members.map(({ cluster, name }) => ({ cluster, name, ...requests }));
}
