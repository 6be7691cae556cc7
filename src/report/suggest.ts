import { Document, isCollection, isMap } from 'yaml';
import type { PlacedIr } from '../ir/policy-ir.js';
import type { JsonObject } from '../parse/document.js';
import { apiVersion } from '../parse/kinds.js';
import type { Candidate, CandidateTarget, Reference } from '../suggest/candidates.js';
import { calledText } from '../suggest/flows.js';
import type { Observations } from '../suggest/observation.js';
import type { Aside, Suggestion } from '../suggest/suggest.js';
import type { Responsible } from '../trace/responsible.js';
import { groupBy, sortBy, sortedUnique } from '../util/order.js';
import { lineOf } from './trace/line-of.js';

export interface SuggestReport {
  readonly suggestion: Suggestion;
  readonly observations: Observations;
  /** What is to be enforced, where intents are; without them objects are named. */
  readonly placed: PlacedIr | undefined;
  readonly displayPath: (path: string) => string;
}

/** Candidate rules as YAML, and in comments all that a person must know before any of them is copied. */
export function suggestionToText(report: SuggestReport): string {
  const documents = [...groupBy(report.suggestion.candidates, ({ namespace }) => namespace)];
  const yaml = documents.map(([namespace, candidates]) => settings(namespace, candidates)).join('---\n');
  return [...head(report), ...(yaml === '' ? [] : [yaml]), ...foot(report)].join('\n');
}

function head({ suggestion: { candidates, granted, from, until }, observations }: SuggestReport): readonly string[] {
  const seen = from === undefined ? '' : `, ${from} to ${until}`;
  const much = candidates.length === 1 ? '1 candidate' : `${candidates.length} candidates`;
  return [
    ...comment(`${much} from ${plural(observations.lines, 'line')}${seen}.`),
    ...(candidates.length === 0
      ? []
      : comment(
          'Nobody has reviewed them, and nothing is granted by them here. Copy what should be allowed into your\nintents, say the reason, and write `default: Deny` once all is there that must pass.',
        )),
    ...comment(`What the rules of the project let through already is left out: ${plural(granted, 'kind')} of calls.`),
    '',
  ];
}

function settings(namespace: string, candidates: readonly Candidate[]): string {
  const document = new Document({
    apiVersion,
    kind: 'SecuritySettings',
    metadata: { name: `suggested-${namespace}` },
    spec: {
      scope: { namespace },
      authorization: {
        allow: candidates.map(({ name, from, to }) => ({
          name,
          reason: 'unreviewed',
          from: [referenceTo(from, namespace)],
          to: to.map((target) => targetTo(target, namespace)),
        })),
      },
    },
  });
  candidates.forEach((candidate, index) => {
    const rule = document.getIn(['spec', 'authorization', 'allow', index]);
    if (!isMap(rule)) return;
    rule.commentBefore = ` ${evidence(candidate)}`;
    for (const list of [rule.get('from'), rule.get('to')].filter(isCollection)) {
      for (const item of list.items) if (isCollection(item)) item.flow = true;
    }
  });
  return document.toString({ lineWidth: 0 });
}

function evidence({ calls, lastSeen, isRefused }: Candidate): string {
  const seen = lastSeen === undefined ? '' : `, last seen ${lastSeen}`;
  return `unreviewed: ${plural(calls, 'call')}${seen}${isRefused ? '; the project as it is would refuse some of them' : ''}`;
}

function referenceTo({ kind, name }: Reference, namespace: string): JsonObject {
  return { [kind]: within(name, namespace) };
}

function targetTo({ kind, name, port, methods, paths }: CandidateTarget, namespace: string): JsonObject {
  return {
    [kind]: within(name, namespace),
    port: /^\d+$/.test(port) ? Number(port) : port,
    ...(methods !== undefined && { methods: [...methods] }),
    ...(paths !== undefined && { paths: [...paths] }),
  };
}

/** Names of the scope's own namespace stand without it. */
function within(name: string, namespace: string): string {
  return name.startsWith(`${namespace}/`) ? name.slice(namespace.length + 1) : name;
}

const asideWords: Readonly<Record<Aside['because'], string>> = {
  refused: 'was refused',
  'no-identity': 'comes without an identity: say by `ipBlocks`, a gateway or `anyone` who may call',
  'perhaps-refused': 'is refused by the project, and a metric of connections may count what was refused',
  'odd-path': 'has a path that a rule cannot say exactly',
  undecided: 'is undecided: `ambit trace` says what is missing',
};

const unnamedWords = {
  'by-waypoint': 'sent on by a waypoint: the lines of their own callers count',
  'no-caller':
    'without a caller that is known: `kubectl logs --prefix` names the pod, and a dump with Pods knows its address',
  'caller-not-given': 'from identities that the manifests do not have',
  'no-destination': 'to no port of a Service or pod that the manifests have',
} as const;

function foot(report: SuggestReport): readonly string[] {
  const { suggestion, observations } = report;
  const { unnamed } = suggestion;
  const counts = Object.entries(unnamedWords).flatMap(([why, words]) => {
    const count = unnamed[why as keyof typeof unnamed];
    return count === 0 ? [] : [`${plural(count, 'call')} ${words}`];
  });
  const passedOver = observations.passedOver;
  const rest = passedOver === 0 ? [] : [`${plural(passedOver, 'line')} of no call that ended well or was refused`];
  return [
    ...list('Not suggested:', [...asides(suggestion.aside), ...counts, ...rest]),
    ...list(
      'No call above used these rules. They may be needed all the same: a log tells of its own time and proxies alone.',
      unusedRules(report).map(({ name, place }) => `${name}  ${place}`),
    ),
  ];
}

function asides(all: readonly Aside[]): readonly string[] {
  return all.map(({ flow, because }) => {
    const { from, to, request, passed, refused } = flow;
    const what = request === undefined ? '' : ` ${JSON.stringify(`${request.method} ${request.path}`)}`;
    return `${from} -> ${calledText(to)}${what} (${plural(Math.max(passed, refused), 'call')}) ${asideWords[because]}`;
  });
}

interface NamedRule {
  readonly name: string;
  readonly place: string;
}

/** By the ids of rules in intents, where there are any; of what else there is by the object. */
function unusedRules({ suggestion, placed, displayPath }: SuggestReport): readonly NamedRule[] {
  const named = (rule: Responsible) => namesOf(rule, placed, displayPath);
  const used = new Set(suggestion.used.flatMap(named).map(({ name }) => name));
  const unused = new Map(suggestion.unused.flatMap(named).map((rule) => [rule.name, rule]));
  return sortBy(unused.values(), ({ name }) => name).filter(({ name }) => !used.has(name));
}

function namesOf(
  { cluster, namespace, name, rule = 0, span }: Responsible,
  placed: PlacedIr | undefined,
  displayPath: SuggestReport['displayPath'],
): readonly NamedRule[] {
  const place = (at: Responsible['span']) => `${displayPath(at.file.path)}:${lineOf(at)}`;
  const policy = placed?.policies.find(
    (each) => each.cluster === cluster && each.namespace === namespace && each.name === name,
  );
  if (policy === undefined) {
    return [{ name: `AuthorizationPolicy ${namespace}/${name}, rule ${rule + 1}`, place: place(span) }];
  }
  return (policy.rules[rule]?.origins ?? []).map(({ id, span: at }) => ({ name: id, place: place(at) }));
}

/** The same for programs. */
export function suggestionToJson(report: SuggestReport): JsonObject {
  const { suggestion, observations } = report;
  const { candidates, aside, granted, unnamed, from, until } = suggestion;
  return JSON.parse(
    JSON.stringify({
      lines: observations.lines,
      unknownLines: observations.unknown,
      from: from ?? null,
      until: until ?? null,
      candidates,
      granted,
      aside: aside.map(({ flow, because }) => ({
        because,
        from: flow.from,
        to: calledText(flow.to),
        request: flow.request ?? null,
        passed: flow.passed,
        refused: flow.refused,
        lastSeen: flow.lastSeen ?? null,
      })),
      unnamed,
      unusedRules: unusedRules(report),
    }),
  );
}

function list(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  return [...comment(title), ...sortedUnique(items).flatMap((item) => `#   ${item}`), ''];
}

function comment(text: string): readonly string[] {
  return text.split('\n').map((line) => `# ${line}`);
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
