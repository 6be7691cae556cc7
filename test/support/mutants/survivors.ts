import type { Fate } from './explain.js';

/** Why mutants of a kind may have a fate other than being refuted. */
type Reasons = Readonly<Partial<Record<'same' | 'open' | 'doubted', string>>>;

const elsewhere = {
  closed: 'a default, a guard or another policy closes the same requests',
  repeated: 'another rule or policy says the same of the same requests',
  unheard: 'the place has no say on this plane or for this destination, before and after',
  alone: 'no other pods are within its reach, or the same pods still are',
  identical: 'it is another spelling of the same policy',
  past: 'everybody who may come is let past it by an acceptance',
  given: 'the manifests have it already',
} as const;

const silence = {
  unread:
    'bytes that are no request pass a port declared for requests, where a waypoint of traffic settings alone refuses them',
  later: 'it falls on workloads that nobody has deployed yet, and to whose callers nothing is promised',
  unknown: 'it leaves to a fact that is not modelled what a default refuses anyway',
  vacant: 'it concerns callers whom no manifest shows, and to whom nothing is promised',
  wayside:
    'it refuses pods that are addressed past their Service, ports that no rule names, or callers of an acceptance',
  astray: 'a route then answers requests itself or leads them to other pods alone, and nothing is owed to those',
} as const;

const missing = 'the changed policy hangs on a fact that is in no manifest, and the proof says which';

/**
 * What survives, and why. A survivor is not believed: requests are tried one by one, and decided as before (`same`), or
 * otherwise only where the intents leave it `open`.
 */
export const survivors: Readonly<Record<string, Reasons>> = {
  'rule dropped': { same: elsewhere.repeated, open: silence.vacant },
  'all rules dropped': { same: elsewhere.repeated, open: silence.vacant },
  'rule that matches anything': { same: elsewhere.unheard, open: silence.wayside },
  'rule loses its from, to or when': { same: elsewhere.closed, open: silence.wayside },
  'source or operation dropped': { open: silence.wayside },
  'field dropped': { same: elsewhere.closed, open: silence.wayside, doubted: missing },
  'value dropped': { same: elsewhere.repeated, open: silence.wayside, doubted: missing },
  'value replaced': { same: elsewhere.repeated, open: silence.wayside, doubted: missing },
  'value added': { same: elsewhere.closed, open: silence.wayside },
  'caller replaced by one that exists': { same: elsewhere.repeated, open: silence.wayside },
  'value widened': { same: elsewhere.closed, open: silence.wayside },
  'field negated': { same: elsewhere.repeated, open: silence.wayside },
  'port of the other plane': { same: elsewhere.repeated, open: silence.wayside, doubted: missing },
  'principal of another trust domain': { same: elsewhere.repeated, open: silence.vacant },
  'principal with spiffe://': { same: elsewhere.repeated, open: silence.vacant },
  'principal in place of account': { same: elsewhere.identical },
  'default removed': { same: elsewhere.closed },
  'guard removed': { same: elsewhere.repeated, open: silence.vacant },
  'policy removed': { same: elsewhere.closed, open: silence.vacant },
  'action flipped': { same: elsewhere.closed, open: silence.vacant },
  'policy not enforced': { same: elsewhere.closed, open: silence.vacant },
  'policy written twice': { same: elsewhere.identical },
  'selector in place of target': { same: elsewhere.closed, doubted: missing },
  'target in place of selector': { same: elsewhere.closed, open: silence.vacant },
  'target of another service': { same: elsewhere.repeated },
  'namespace changed': { same: elsewhere.alone, open: silence.vacant },
  'selector emptied': { same: elsewhere.closed, open: silence.vacant },
  'selector removed': { same: elsewhere.alone, open: silence.later },
  'selector widened': { same: elsewhere.alone },
  'selector narrowed': { same: elsewhere.closed, open: silence.vacant },
  'peer authentication removed': { same: elsewhere.closed },
  'peer authentication made strict': { same: elsewhere.closed },
  'peer authentication relaxed': { same: elsewhere.closed, open: silence.unknown },
  'port opened to plaintext': { same: elsewhere.closed },
  'exception of a port removed': { same: elsewhere.repeated },
  'exception of another port': { same: elsewhere.repeated },
  'peer authentication for other pods': { same: elsewhere.closed },
  'peer authentication in another namespace': { same: elsewhere.closed },
  'waypoint removed': { same: elsewhere.past, open: silence.unread },
  'waypoint for other traffic': { same: elsewhere.unheard, open: silence.unread },
  'waypoint for pods as well': { same: elsewhere.unheard, open: silence.unknown },
  'waypoint of another class': { open: silence.unread },
  'waypoint of another name': { same: elsewhere.past, open: silence.unread },
  'waypoint in another namespace': { same: elsewhere.past, open: silence.unread },
  'enrolment removed': { same: elsewhere.unheard, open: `${silence.unread}; or ${silence.astray}` },
  'enrolment label removed': { same: elsewhere.unheard, open: silence.unread },
  'ingress label removed': { same: elsewhere.given },
  'enrolled elsewhere': { same: elsewhere.unheard, open: silence.unread },
  'network policy for all pods': { same: elsewhere.alone, open: silence.vacant },
  'network policy for what pods receive': { same: elsewhere.identical },
  'nobody let in': { same: elsewhere.repeated, open: silence.vacant },
  'other pods let in': { same: elsewhere.repeated, open: silence.vacant },
  'let in on another port': { same: elsewhere.repeated, open: silence.vacant },
};

/** Whether something of this kind may have this fate. */
export function isExplained(kind: string, fate: Fate): boolean {
  if (fate === 'refuted' || fate === 'refused') return true;
  return fate !== 'unexplained' && survivors[kind]?.[fate] !== undefined;
}
