import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { isWithin } from '../../diagnostics/position.js';
import { spanIn } from '../../parse/document.js';
import { parseSources } from '../../parse/parse-sources.js';
import { keyOf } from '../../topology/model.js';
import { sortBy } from '../../util/order.js';
import type { Found } from '../arrange/arrange.js';
import { type Draft, type DraftRule, keysIn } from '../arrange/draft.js';
import { type Obstacles, routeId, ruleId } from '../arrange/obstacles.js';
import { keyOfObject, type Written } from '../policies.js';
import type { PrintedDocument } from '../print.js';
import { idOf, type Subject } from '../subjects.js';
import type { WrittenTraffic } from '../traffic/written.js';
import { type Difference, differencesIn } from './meaning.js';
import type { Ground, Round } from './round.js';

/** What a round teaches: which rules, policies or subjects stand in the way. Nothing more where it teaches nothing new. */
export function learn(ground: Ground, found: Found, round: Round, before: Obstacles): Obstacles {
  const learnt = new Learning(found, before);
  for (const error of round.errors) ofError(ground, found, round, error, learnt);
  for (const each of round.unlike) ofTraffic(ground, round, each, learnt);
  const differences = round.changes === undefined ? [] : differencesIn(round.changes);
  // What settings of traffic do otherwise is seen at the Services, and may change who comes to the pods behind them.
  for (const each of sortBy(differences, ({ place }) => (place.startsWith('service ') ? 0 : 1)))
    ofDifference(found, each, learnt);
  for (const { place, because } of round.onTrial.flatMap(differencesIn)) learnt.onTrial(place, because);
  return learnt;
}

/** A denial whose effect is lost stays by itself, and nothing has to stay with it. */
function ofDifference({ policies }: Found, { place, because, decidedBy }: Difference, learnt: Learning): void {
  const denials = policies.filter(
    ({ key, policy }) => policy.action === 'DENY' && !learnt.policies.has(key) && decidedBy.includes(key),
  );
  if (denials.length === 0) learnt.subject(place, because);
  for (const { key } of denials) learnt.policy(key, because);
}

class Learning implements Obstacles {
  readonly policies: Map<string, string>;
  readonly subjects: Map<string, string>;
  readonly rules: Map<string, string>;
  readonly routes: Map<string, string>;

  constructor(
    private readonly found: Found,
    private readonly before: Obstacles,
  ) {
    this.policies = new Map(before.policies);
    this.subjects = new Map(before.subjects);
    this.rules = new Map(before.rules);
    this.routes = new Map(before.routes);
  }

  /**
   * A rule that the compiler refuses is left out: it may never have had an effect. One that has none only until its callers have moved
   * (`isForLater`) stays.
   */
  rule(id: string, because: string, isForLater: boolean): void {
    const policy = this.found.policies.find(({ key, rules }) => rules.some((_, index) => ruleId(key, index) === id));
    if (policy === undefined || isForLater) this.policy(policy?.key ?? id, because);
    else this.rules.set(id, because);
  }

  policy(key: string, because: string): void {
    if (!this.policies.has(key)) this.policies.set(key, because);
  }

  /**
   * First the rules that were left out are taken for needed, then what is allowed there stays, then all that is for it, with what
   * is said of traffic to it. Where this round has already laid something to that, the next one tells what else there is.
   */
  subject(id: string, because: string): void {
    const subject = this.found.subjects.find((each) => idOf(each) === id);
    if (subject !== undefined && this.unitsAt(id, subject).some((unit) => this.isNews(unit))) return;
    const enforced = this.found.policies.filter(({ policy }) => !policy.dryRun);
    const own = subject === undefined ? [] : enforced.filter(({ subjects }) => subjects.includes(subject));
    const needed = own.filter(({ key, rules }) => rules.some((_, index) => this.before.rules.has(ruleId(key, index))));
    if (needed.length > 0) for (const each of needed) this.restore(each);
    else if (own.length > 0 && !this.before.subjects.has(id)) this.subjects.set(id, because);
    else {
      const tokens = this.found.tokens.filter(
        (each) => each.unsaid === undefined && subject !== undefined && each.subjects.includes(subject),
      );
      if (subject !== undefined)
        for (const key of this.keysFor([...own, ...tokens], subject)) this.policy(key, because);
      for (const unit of this.unitsAt(id, subject)) this.traffic(unit, because);
    }
  }

  /** What is watched there stays, for dry runs add up as well; what comes from none there, from any of them. */
  onTrial(id: string, because: string): void {
    const dryRuns = this.found.policies.filter(({ policy }) => policy.dryRun);
    const own = dryRuns.filter(({ subjects }) => subjects.some((each) => idOf(each) === id));
    for (const { key } of own.length === 0 ? dryRuns : own) this.policy(key, `as dry runs: ${because}`);
  }

  /** What is said of traffic to a place, or to a Service in front of it. */
  private unitsAt(id: string, subject: Subject | undefined): readonly WrittenTraffic[] {
    const services = subject?.instances.flatMap((instance) => instance.services) ?? [];
    const places = new Set([id, ...services.map((service) => `service ${keyOf(service)}`)]);
    return this.found.traffic.filter(({ documents }) => documents.some(({ place }) => places.has(place)));
  }

  /** What is treated otherwise by settings of traffic is for its objects to say. */
  traffic({ objects }: WrittenTraffic, because: string): void {
    for (const object of objects) this.policy(keyOfObject(object), because);
  }

  private isNews({ objects }: WrittenTraffic): boolean {
    return objects.map(keyOfObject).some((key) => this.policies.has(key) && !this.before.policies.has(key));
  }

  private restore({ key, rules }: Written): void {
    for (const [index] of rules.entries()) {
      const because = this.before.rules.get(ruleId(key, index));
      this.rules.delete(ruleId(key, index));
      if (because !== undefined) this.policy(key, because);
    }
  }

  private keysFor(policies: ReadonlyArray<{ readonly key: string }>, { namespace }: Subject): readonly string[] {
    const peers = this.found.peers.filter(({ policy }) =>
      [namespace, this.found.rootNamespace].includes(policy.namespace),
    );
    return [...policies, ...peers].map(({ key }) => key);
  }
}

/** What cannot be laid to one document is laid to all of traffic. */
function ofTraffic(ground: Ground, round: Round, { span, message }: Diagnostic, learnt: Learning): void {
  const own = span === null ? undefined : trafficAt(ground, round, span);
  for (const unit of own === undefined ? round.plan.traffic : [own]) learnt.traffic(unit, message);
}

function ofError(ground: Ground, found: Found, round: Round, error: Diagnostic, learnt: Learning): void {
  const spans = [error.span, ...error.notes.map(({ span }) => span ?? null)].flatMap((span) => span ?? []);
  const route = error.name === 'unreachable-route' && error.span !== null ? routeAt(error.span) : undefined;
  if (route !== undefined) {
    learnt.routes.set(route, error.message);
    return;
  }
  const routed = spans.flatMap((span) => trafficAt(ground, round, span) ?? []);
  for (const unit of routed) learnt.traffic(unit, error.message);
  if (routed.length > 0) return;
  for (const span of spans) {
    const place = placeOf(ground, round, span);
    if (place?.draft.stage === 'Shadow') {
      for (const key of keysIn(place.draft)) learnt.policy(key, error.message);
      return;
    }
    if (place?.rule !== undefined) {
      for (const id of place.rule.sources) learnt.rule(id, error.message, error.name === 'sidecar-callers');
      return;
    }
  }
  const kept = spans.flatMap((span) => found.policies.filter(({ object }) => isWithin(span, spanIn(object))));
  const held = kept.flatMap(({ subjects }) => subjects);
  for (const each of held) learnt.subject(idOf(each), error.message);
  // A policy that is for nobody yet may be for a waypoint that is still to come.
  if (held.length > 0) return;
  for (const span of spans) {
    const draft = placeOf(ground, round, span)?.draft;
    if (draft === undefined) continue;
    const sources = draft.mode?.sources ?? [];
    for (const key of sources) learnt.policy(key, error.message);
    for (const each of subjectsIn(found, draft)) learnt.subject(idOf(each), error.message);
  }
}

function subjectsIn({ subjects }: Found, { scope: { kind, key } }: Draft): readonly Subject[] {
  if (kind === 'mesh') return subjects;
  if (kind === 'namespace') return subjects.filter(({ namespace }) => namespace === key);
  return subjects.filter(
    (each) =>
      each.key === key ||
      each.instances.some(({ services }) => services.some(({ namespace, name }) => `${namespace}/${name}` === key)),
  );
}

/** The route at which something stands, by its `routeId`. */
function routeAt({ file, start }: Span): string | undefined {
  const settings = parseSources([file]).value.intents.findLast(({ name }) => name.span.start <= start);
  if (settings?.kind !== 'TrafficSettings') return undefined;
  const route = settings.routes.findLast(({ name }) => name.span.start <= start);
  return route && routeId(settings.name.value, route.name.value);
}

/** The traffic settings in which something stands in the text that was printed. */
function trafficAt(ground: Ground, round: Round, span: Span): WrittenTraffic | undefined {
  return documentAt(ground, round, span)?.traffic;
}

interface PlaceInPlan {
  readonly draft: Draft;
  readonly rule: DraftRule | undefined;
}

/** The settings, and the rule, in which something stands in the text that was printed. */
function placeOf(ground: Ground, round: Round, span: Span): PlaceInPlan | undefined {
  const { draft, start = 0 } = documentAt(ground, round, span) ?? {};
  if (draft === undefined) return undefined;
  const own = parseSources([span.file]).value.intents.findLast(({ name }) => name.span.start <= span.start);
  if (own?.kind !== 'SecuritySettings' || own.name.span.start < start) return { draft, rule: undefined };
  const rules = [
    ...(own.authorization?.allow ?? []),
    ...(own.authorization?.deny ?? []),
    ...(own.authorization?.external ?? []),
    ...(own.mtls?.plaintext ?? []),
  ];
  const name = rules
    .filter((rule) => rule.name.span.start <= span.start)
    .sort((left, right) => right.name.span.start - left.name.span.start)[0]?.name.value;
  return { draft, rule: [...draft.rules, ...draft.plaintext].find((rule) => rule.name === name) };
}

/** The document in which something stands, also one that is no document of the language. */
function documentAt({ directory }: Ground, { files }: Round, { file, start }: Span): PrintedDocument | undefined {
  const printed = files.find(({ path }) => `${directory}/${path}` === file.path);
  return printed?.documents.findLast((document) => document.start <= start);
}
