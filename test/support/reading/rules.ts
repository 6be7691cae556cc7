import { contains, parseAddress, parseBlock } from '../../../src/mesh/ip.js';
import type { AcceptancePath } from '../../../src/parse/acceptance.js';
import type {} from '../../../src/parse/ast.js';
import type { Caller, ResolvedRule, Target } from '../../../src/resolve/resolved.js';
import type { Resolved } from '../../../src/resolve/resolved-intents.js';
import { keyOf } from '../../../src/topology/model.js';
import { type Asked, podPortOf, type Sender } from './asked.js';
import { satisfies } from './requests.js';

/** A rule with one of its destinations, which speaks of the pods and the port of a request. */
export interface Speaking {
  readonly rule: ResolvedRule;
  readonly target: Target;
}

export function speaking(rules: Resolved['rules'], asked: Asked): readonly Speaking[] {
  return rules.flatMap((rule) =>
    rule.targets.filter((target) => isFor(target, asked)).map((target) => ({ rule, target })),
  );
}

function isFor({ destination, ports, exceptPorts }: Target, { workload, podPort }: Asked): boolean {
  const { cluster, workloads, service } = destination;
  if (cluster !== workload.cluster || !workloads.some((each) => keyOf(each) === keyOf(workload))) return false;
  const isOne = ({ service: number, pod }: Target['exceptPorts'][number]): boolean => {
    const own = service?.ports.find((port) => port.number === number);
    if (own === undefined) return pod.includes(podPort);
    const target = podPortOf(own, workload);
    // What is sent straight to an address keeps its port; a gateway sends to the port that the Service leads to.
    const isKept = service?.headless === true && own.number === podPort;
    return target === podPort || (target !== undefined && isKept);
  };
  return ports === undefined ? !exceptPorts.some(isOne) : ports.some(isOne);
}

/** Whether a rule means a request: its port, its conditions, and one of its callers. */
export function isMeant({ rule, target }: Speaking, asked: Asked): boolean {
  return satisfies(target.conditions, asked.payload) && rule.callers.some((caller) => isFrom(caller, rule, asked));
}

/** As above, but for what the rule says of requests. */
export function isMeantByPort({ rule }: Speaking, asked: Asked): boolean {
  return rule.callers.some((caller) => isFrom(caller, rule, asked));
}

export function isFrom(caller: Caller, rule: ResolvedRule, asked: Asked): boolean {
  const { sender, ip, isSeen } = asked;
  if (sender.account !== undefined && caller.except.some((each) => isFrom(each, rule, asked))) return false;
  switch (caller.kind) {
    case 'anyone':
      return true;
    case 'anyAuthenticated':
      return sender.account !== undefined;
    case 'namespace':
      return sender.account !== undefined && isLike(caller.namespace, sender.namespace ?? '');
    case 'identities':
      return isOneOf(caller, rule, sender);
    case 'addresses':
      return isWithin(ip, caller.ipBlocks) && !isWithin(ip, caller.exceptBlocks);
    case 'unidentified':
      return !isSeen && (!caller.isOne || rule.effect === 'Deny' || isAccepted(rule, 'plaintextCallers'));
  }
}

/** Somebody else who runs as the same identity is not meant, and cannot be told apart: a denial falls on both. */
function isOneOf(
  { serviceAccounts, sharers }: Extract<Caller, { kind: 'identities' }>,
  rule: ResolvedRule,
  { account, name }: Sender,
): boolean {
  if (account === undefined || !serviceAccounts.includes(account)) return false;
  const isElse = sharers.some((sharer) => `${sharer.cluster}/${sharer.name}` === name);
  return !isElse || rule.effect === 'Deny' || isAccepted(rule, 'sharedIdentity');
}

/** A star at one end stands for anything. */
function isLike(pattern: string, namespace: string): boolean {
  if (pattern.endsWith('*')) return namespace.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? namespace.endsWith(pattern.slice(1)) : namespace === pattern;
}

export function isWithin(ip: string | undefined, blocks: readonly string[]): boolean {
  const address = ip === undefined ? undefined : parseAddress(ip);
  return blocks.some((block) => {
    const range = parseBlock(block);
    return range !== undefined && address !== undefined && contains(range, address);
  });
}

/** A rule or setting, with what its author answers for. */
export type Accepting = Pick<ResolvedRule, 'accept'>;

export function isAccepted({ accept }: Accepting, path: AcceptancePath): boolean {
  return accept.some(({ what }) => what === path);
}

/** Whether somebody took responsibility for how this caller comes. */
export function isAnsweredFor({ rule }: Speaking, asked: Asked): boolean {
  const { isSeen, isGuided, sender } = asked;
  const isNamed = ({ kind }: Caller) => kind === 'identities' || kind === 'namespace' || kind === 'anyAuthenticated';
  if (isGuided) return false;
  if (isSeen) {
    // Whom an acceptance lets past is known by an identity, whoever runs as it.
    const isOneOfKin = sender.isFuture || isAccepted(rule, 'sharedIdentity');
    const ways = new Set([sender.speaks, ...(isOneOfKin ? sender.kin : [])]);
    return (
      (ways.has('gateway') && isAccepted(rule, 'gatewayCallers')) ||
      (ways.has('sidecar') && isAccepted(rule, 'sidecarCallers'))
    );
  }
  return rule.callers
    .filter((caller) => isFrom(caller, rule, asked))
    .some((caller) =>
      isNamed(caller)
        ? rule.effect === 'Deny' && isAccepted(rule, 'plaintextCallers')
        : isAccepted(rule, 'outsideCallers'),
    );
}
