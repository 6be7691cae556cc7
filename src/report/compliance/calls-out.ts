import { nameOfHost } from '../mesh/graph.js';
import type { AccessOutReport, HostReport, RuleReport } from '../mesh/mesh-report.js';
import { counted } from '../words.js';
import { amountOf, type Facts, type Found } from './found.js';

/** A call to a host outside the mesh that gets out, or may. */
interface CallOut {
  readonly host: HostReport;
  readonly access: AccessOutReport;
  readonly rules: readonly RuleReport[];
}

type IsMeant = (namespace: string) => boolean;

export function callsOutListed(facts: Facts, isMeant: IsMeant): Found {
  const calls = callsOf(facts, isMeant);
  const says = `${counted(calls.length, 'call')} to hosts outside the mesh, under Out of the mesh`;
  return { status: 'listed', says, evidence: calls.map(inWords) };
}

/** What no ServiceEntry makes known may be anything, and so nobody can have meant it. */
export function callsOutClosed(facts: Facts, isMeant: IsMeant): Found {
  const calls = callsOf(facts, isMeant);
  const unknown = calls.filter(({ host }) => host.host === null);
  const open = unknown.filter(({ access }) => access.verdict !== 'undecided');
  if (open.length > 0)
    return { status: 'fails', says: 'hosts that nothing makes known may be called', evidence: open.map(inWords) };
  if (unknown.length > 0)
    return {
      status: 'undecided',
      says: 'it is not known whether any host may be called',
      evidence: unknown.map(inWords),
    };
  const says = `nothing may be called outside but hosts that are known (${counted(calls.length, 'call')})`;
  return { status: 'holds', says, evidence: calls.map(inWords) };
}

/** The client's own TLS is taken at the word of the ServiceEntry, and that is said. */
export function callsOutEncrypted(facts: Facts, isMeant: IsMeant): Found {
  const calls = callsOf(facts, isMeant);
  const plain = calls.filter(({ access }) => access.encryption === 'plaintext');
  if (plain.length > 0)
    return { status: 'fails', says: `${counted(plain.length, 'call')} in plaintext`, evidence: plain.map(inWords) };
  const open = calls.filter(({ access }) => access.encryption === 'unknown');
  if (open.length > 0)
    return {
      status: 'undecided',
      says: `of ${counted(open.length, 'call')} nobody knows what is sent`,
      evidence: open.map(inWords),
    };
  const byClients = calls.filter(({ access }) => access.encryption === 'client-tls').length;
  const word = byClients === 0 ? '' : `, ${byClients} of them by that of the client, as the port is declared`;
  return { status: 'holds', says: `${counted(calls.length, 'call')} by TLS${word}`, evidence: calls.map(inWords) };
}

/** Whoever stands for many may be of any namespace. */
function callsOf({ hosts, rules }: Facts, isMeant: IsMeant): readonly CallOut[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return hosts.flatMap((host) =>
    host.access
      .filter((access) => access.verdict !== 'none' && isOf(access, isMeant))
      .map((access) => ({ host, access, rules: access.rules.flatMap((id) => byId.get(id) ?? []) })),
  );
}

function isOf({ kind, callers, who }: AccessOutReport, isMeant: IsMeant): boolean {
  if (kind === 'namespace') return isMeant(who.replace(/^namespace /, ''));
  const named = callers.filter((caller) => caller.includes('/'));
  return named.length === 0 || named.some((caller) => isMeant(caller.slice(0, caller.indexOf('/'))));
}

function inWords({ host, access, rules }: CallOut): string {
  const cited = rules.map(({ id, owner, file, line }) => {
    return `rule ${id} (${[`${file}:${line}`, ...(owner === null ? [] : [`owner ${owner}`])].join(', ')})`;
  });
  const to = `${nameOfHost(host)}${host.port === null ? '' : `:${host.port}`}`;
  return [
    `${access.who} → ${to} from ${host.cluster}: ${amountOf(access.verdict, access.through)}`,
    access.points.length === 0 ? 'enforced nowhere' : `enforced by ${access.points.join(' and ')}`,
    ...(cited.length > 0 ? cited : ['no rule']),
  ].join('; ');
}
