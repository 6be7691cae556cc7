import { groupBy, sortBy } from '../../util/order.js';
import { merged } from '../lift/remarks.js';
import { unlike } from '../names/label.js';
import type { OutsideMesh } from '../outside-mesh.js';
import { keyOfObject, type Written, type WrittenPeers, type WrittenTokens } from '../policies.js';
import type { Reason } from '../reason.js';
import type { Subject } from '../subjects.js';
import type { WrittenTraffic } from '../traffic/written.js';
import { arrangeAuthorization } from './authorization.js';
import { type Draft, type DraftRule, idOfDraft, joinDrafts } from './draft.js';
import { type Group, withGroups } from './groups.js';
import { withoutIdleRoutes } from './idle-routes.js';
import type { Obstacles } from './obstacles.js';
import { arrangePeers } from './peers.js';

/** What was found among the manifests. */
export interface Found {
  readonly subjects: readonly Subject[];
  readonly policies: readonly Written[];
  readonly peers: readonly WrittenPeers[];
  readonly tokens: readonly WrittenTokens[];
  readonly traffic: readonly WrittenTraffic[];
  readonly rootNamespace: string;
  readonly outside: OutsideMesh;
}

/** All settings that are going to be written, one for a scope, and what is not said in them. */
export interface Plan {
  readonly drafts: readonly Draft[];
  readonly groups: readonly Group[];
  /** What is said of traffic to Services. */
  readonly traffic: readonly WrittenTraffic[];
  readonly left: ReadonlyMap<string, Reason>;
  readonly dead: ReadonlyMap<string, string>;
}

export function arrange(found: Found, obstacles: Obstacles): Plan {
  const { policies, peers } = found;
  const ofStage = (stage: Draft['stage']) => {
    const own = policies.filter(({ policy }) => policy.dryRun === (stage === 'Shadow'));
    return arrangeAuthorization(own, found, obstacles, stage);
  };
  const authorization = ofStage('Enforce');
  const onTrial = ofStage('Shadow');
  const mtls = arrangePeers(peers, found, obstacles);
  const all = [...authorization.drafts, ...onTrial.drafts, ...mtls.drafts];
  const joined = [...groupBy(all, idOfDraft).values()].map((drafts) => drafts.reduce(joinDrafts));
  const closed = joined.filter(({ scope, closedBy }) => scope.kind === 'mesh' && closedBy.length > 0);
  const isMeshClosed = (stage: Draft['stage']) => closed.some((draft) => draft.stage === stage);
  const settled = joined.map((draft) => ({
    ...draft,
    // The default of the mesh holds in every scope that says none, but at no gateway.
    closedBy:
      isMeshClosed(draft.stage) && draft.scope.kind !== 'mesh' && draft.scope.kind !== 'gateway' ? [] : draft.closedBy,
    rules: withOwnNames(withoutDoubles(draft.rules)),
  }));
  const told = settled.filter(({ mode, closedBy, rules }) => mode !== undefined || closedBy.length + rules.length > 0);
  const { drafts, groups } = withGroups(
    sortBy(
      told,
      ({ scope }) => order.indexOf(scope.kind),
      ({ scope }) => scope.key,
      ({ stage }) => stage,
    ),
  );
  const traffic = found.traffic.filter((unit) => whyItStays(unit, obstacles) === undefined);
  const idle = traffic.filter(({ documents }) => documents.every(({ spec }) => Object.keys(spec).length === 0));
  return {
    drafts,
    groups,
    traffic: withoutIdleRoutes(traffic.filter((unit) => !idle.includes(unit)).map(withoutEmpty), obstacles),
    left: new Map([
      ...authorization.left,
      ...onTrial.left,
      ...mtls.left,
      ...because(tokensLeft(found, obstacles)),
      ...trafficLeft(found, obstacles),
    ]),
    dead: new Map([
      ...mtls.dead,
      ...idle.flatMap(({ objects }) =>
        objects.map((each) => [keyOfObject(each), 'it says what happens anyway'] as const),
      ),
    ]),
  };
}

function withoutEmpty({ documents, ...unit }: WrittenTraffic): WrittenTraffic {
  return { ...unit, documents: documents.filter(({ spec }) => Object.keys(spec).length > 0) };
}

/** Routes and their subsets belong together: all of them stay, or none. */
function whyItStays({ objects, unsaid }: WrittenTraffic, { policies }: Obstacles): Reason | undefined {
  const [found] = objects.flatMap((each) => policies.get(keyOfObject(each)) ?? []);
  return unsaid ?? (found === undefined ? undefined : { because: found });
}

function trafficLeft({ traffic }: Found, obstacles: Obstacles): ReadonlyArray<readonly [string, Reason]> {
  return traffic.flatMap((unit) => {
    const reason = whyItStays(unit, obstacles);
    return reason === undefined ? [] : unit.objects.map((each) => [keyOfObject(each), reason] as const);
  });
}

function because(reasons: Iterable<readonly [string, string]>): ReadonlyArray<readonly [string, Reason]> {
  return [...reasons].map(([key, because]) => [key, { because }] as const);
}

/** What a RequestAuthentication says is said by the rules that ask for its tokens. */
function tokensLeft({ tokens }: Found, { policies }: Obstacles): ReadonlyArray<readonly [string, string]> {
  return tokens.flatMap(({ key, unsaid = policies.get(key) }) =>
    unsaid === undefined ? [] : [[key, unsaid] as const],
  );
}

const order: readonly Draft['scope']['kind'][] = ['mesh', 'namespace', 'gateway', 'service', 'workload'];

/** Two policies that say the very same are one rule. */
function withoutDoubles(rules: readonly DraftRule[]): readonly DraftRule[] {
  const meaning = ({ section, from, token, provider, to }: DraftRule) =>
    JSON.stringify([section, from ?? null, token ?? null, provider ?? null, to ?? null]);
  return [...groupBy(rules, meaning).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const remarks = same.map((rule) => rule.remarks).reduce(merged);
    return [{ ...first, remarks, sources: same.flatMap(({ sources }) => sources) }];
  });
}

function withOwnNames(rules: readonly DraftRule[]): readonly DraftRule[] {
  const taken = new Set<string>();
  return rules.map((rule) => {
    const name = unlike(rule.name, taken);
    taken.add(name);
    return { ...rule, name };
  });
}
