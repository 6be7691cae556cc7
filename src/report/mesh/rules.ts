import type { DestinationPolicy, Obligation, PlacedIr } from '../../ir/policy-ir.js';
import type { CompileResult } from '../../pipeline.js';
import type { Caller, Destination, Origin, Setting } from '../../resolve/resolved.js';
import type { ResolvedEgress } from '../../resolve/resolved-egress.js';
import type { GatewayRequests, ResolvedGatewaySecurity } from '../../resolve/resolved-gateway-security.js';
import { keyOf } from '../../topology/model.js';
import { groupBy, sortBy, sortedUnique } from '../../util/order.js';
import { conditionOf } from '../effective.js';
import { lineOf } from '../trace/line-of.js';
import { shortList } from '../words.js';
import type { RuleReport } from './mesh-report.js';

type Compiled = Pick<CompileResult, 'ir' | 'manifests' | 'placed' | 'judged'>;

/** One thing that settings say about access, for one destination. */
interface Said {
  readonly origin: Origin;
  readonly effect: RuleReport['effect'];
  readonly callers: readonly string[];
  readonly to: string;
}

const shownNames = 4;

/** Every rule about access, every default and every mode of mutual TLS, each once. */
export function rulesOf(
  { ir, placed }: Compiled,
  testsOf: ReadonlyMap<string, readonly string[]>,
  displayPath: (path: string) => string,
): readonly RuleReport[] {
  if (ir === undefined || placed === undefined) return [];
  const said = [
    ...ir.destinations.flatMap(saidOf),
    ...ir.gatewaySecurity.flatMap(saidAtGateway),
    ...ir.egress.flatMap(saidOfEgress),
    ...ir.defaults.map((setting) => saidBySetting(setting, 'default')),
    ...ir.mtls.map((setting) => saidBySetting(setting, 'mutual TLS')),
  ];
  const enforcing = enforcersOf(placed);
  return sortBy(
    groupBy(said, ({ origin }) => origin.id),
    ([id]) => id,
  ).flatMap(([id, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    const { origin, effect } = first;
    return {
      id,
      effect,
      says: sentenceOf(effect, all),
      file: displayPath(origin.span.file.path),
      line: lineOf(origin.span),
      owner: origin.owner ?? null,
      reason: origin.reason ?? null,
      ticket: origin.ticket ?? null,
      enforcedBy: enforcing.get(id) ?? [],
      tests: testsOf.get(id) ?? [],
    };
  });
}

function saidAtGateway(security: ResolvedGatewaySecurity): readonly Said[] {
  const { gateway, rules, asked, default: otherwise } = security;
  const name = `gateway ${keyOf(gateway)}`;
  const toEach = (requests: readonly GatewayRequests[]) => requests.map((each) => `${name}${requestsOf(each)}`);
  return [
    ...rules.flatMap(({ origin, effect, callers, requests }) =>
      toEach(requests).map((to): Said => ({ origin, effect: verbOf(effect), callers: labelsOf(callers), to })),
    ),
    ...asked.flatMap(({ origin, requests }) =>
      toEach(requests).map((to): Said => ({ origin, effect: 'ask', callers: [], to })),
    ),
    ...(otherwise === undefined
      ? []
      : [{ origin: otherwise.origin, effect: 'default' as const, callers: [otherwise.value], to: name }]),
  ];
}

function saidOfEgress({ origin, scope, rules, workloads }: ResolvedEgress): readonly Said[] {
  const name = scope.kind === 'namespace' ? `namespace ${scope.namespace}` : `workload ${keyOf(scope)}`;
  const closed: Said = { origin, effect: 'default', callers: ['Deny'], to: `calls of ${name} out of the mesh` };
  const opened = rules.flatMap(({ origin: own, callers, targets }) =>
    targets.map(({ host, port, conditions }): Said => {
      const names = callers === undefined ? [name] : callers.workloads.map(keyOf);
      return { origin: own, effect: 'allow out', callers: names, to: `${host}:${port}${requestsOf({ conditions })}` };
    }),
  );
  return [...(workloads.length === 0 && scope.kind === 'workload' ? [] : [closed]), ...opened];
}

function saidOf(policy: DestinationPolicy): readonly Said[] {
  const { destination, obligations, plaintext, audits, default: otherwise, mtls } = policy;
  const own = (obligation: Obligation, effect: RuleReport['effect']): Said => ({
    origin: obligation.origin,
    effect,
    callers: labelsOf(obligation.callers),
    to: `${nameOf(destination)}${portsOf(obligation)}${requestsOf(obligation)}`,
  });
  return [
    ...[...obligations, ...plaintext].map((each) =>
      own(each, each.authorizer === undefined ? verbOf(each.effect) : 'ask'),
    ),
    ...audits.map((each) => own(each, 'audit')),
    ...(otherwise === undefined ? [] : [saidBySetting(otherwise, 'default')]),
    ...(mtls === undefined ? [] : [saidBySetting(mtls, 'mutual TLS')]),
  ];
}

function saidBySetting({ value, scope, origin }: Setting<string>, effect: 'default' | 'mutual TLS'): Said {
  const to =
    scope.kind === 'mesh'
      ? 'the mesh'
      : scope.kind === 'namespace'
        ? `namespace ${scope.namespace}`
        : `${scope.kind} ${scope.namespace}/${scope.name}`;
  return { origin, effect, callers: [value], to };
}

function verbOf(effect: 'Allow' | 'Deny'): 'allow' | 'deny' {
  return effect === 'Allow' ? 'allow' : 'deny';
}

function labelsOf(callers: readonly Caller[]): readonly string[] {
  return callers.map(({ label }) => label.replaceAll('`', ''));
}

/** Without the cluster: the same rule means the same name in each. */
function nameOf({ namespace, name, service }: Destination): string {
  return `${service === undefined ? 'workload ' : ''}${namespace}/${name}`;
}

function portsOf({ ports, exceptPorts }: Obligation): string {
  if (ports !== undefined) return `:${ports.map(({ label }) => label).join(',')}`;
  return exceptPorts.length === 0 ? '' : ` but for port ${exceptPorts.map(({ label }) => label).join(', ')}`;
}

/** Which requests are meant, where not all are. */
function requestsOf({ conditions }: Pick<Obligation, 'conditions'>): string {
  return conditions.length === 0 ? '' : ` (${conditions.map(conditionOf).join(', ')})`;
}

function sentenceOf(effect: RuleReport['effect'], all: readonly Said[]): string {
  const who = shortList(sortedUnique(all.flatMap(({ callers }) => callers)), shownNames);
  const to = shortList(sortedUnique(all.map(({ to: name }) => name)), shownNames);
  if (effect === 'default' || effect === 'mutual TLS') return `${effect} ${who} for ${to}`;
  if (effect === 'ask') return `an external authorizer is asked about requests to ${to}`;
  const verb = {
    allow: 'may call',
    'allow out': 'may call',
    deny: 'may not call',
    audit: 'is logged when calling',
  }[effect];
  return `${who} ${verb} ${to}`;
}

/** By the id of a rule: the policies that enforce it, and what each is for. */
function enforcersOf(placed: PlacedIr): ReadonlyMap<string, RuleReport['enforcedBy']> {
  const { policies, peerAuthentications, networkPolicies, sidecars } = placed;
  const found = [
    ...policies.map(({ origins, rules, ...policy }) => ({
      ...policy,
      kind: 'AuthorizationPolicy',
      ids: [...origins, ...rules.flatMap((rule) => rule.origins)].map(({ id }) => id),
    })),
    ...peerAuthentications.map(({ origins, ...policy }) => ({
      ...policy,
      kind: 'PeerAuthentication',
      ids: origins.map(({ id }) => id),
    })),
    ...networkPolicies.map(({ origins, ...policy }) => ({
      ...policy,
      kind: 'NetworkPolicy',
      ids: origins.map(({ id }) => id),
    })),
    ...sidecars.map(({ origin, ...sidecar }) => ({ ...sidecar, kind: 'Sidecar', ids: [origin.id] })),
  ].flatMap(({ ids, cluster, kind, namespace, name, purpose }) =>
    sortedUnique(ids).map((id) => ({ id, by: { cluster, object: `${kind} ${namespace}/${name}`, purpose } })),
  );
  const byRule = groupBy(found, ({ id }) => id);
  return new Map(
    [...byRule].map(([id, own]) => [
      id,
      sortBy(
        own.map(({ by }) => by),
        ({ cluster }) => cluster,
        ({ object }) => object,
      ),
    ]),
  );
}
