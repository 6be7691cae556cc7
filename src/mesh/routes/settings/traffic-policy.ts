import { asObject, asText } from '../../json.js';
import { asNumber, type Node, nodeOf, nodesOf } from '../read/fields.js';
import type { VersionRule } from '../read/read-versions.js';
import { type Place, type Setting, saidBy } from './setting.js';

/** The parts of a `trafficPolicy` that say something for one port, each with its object. */
export type TrafficPolicy = Readonly<Partial<Record<Part, Placed>>>;

const partsOfPort = ['connectionPool', 'loadBalancer', 'outlierDetection', 'tls'] as const;
const parts = [...partsOfPort, 'retryBudget', 'proxyProtocol', 'tunnel'] as const;
type Part = (typeof parts)[number];

/** A mapping, and the object in which it stands. */
export interface Placed extends Place {
  readonly node: Node;
}

/**
 * What merged rules say of a port of their host, or of one of its versions there. Settings of a port leave nothing of
 * those for the whole; a version overrides its host part by part.
 */
export function policyFor(rules: readonly VersionRule[], port: number, subset: string | undefined): TrafficPolicy {
  const [whole] = rules.flatMap((rule) => policyIn(rule, specOf(rule)));
  const base = whole === undefined ? {} : partsAt(whole, port).parts;
  const [version] = subset === undefined ? [] : rules.flatMap((rule) => subsetIn(rule, subset));
  const [own] = version === undefined ? [] : policyIn(version, version.node);
  if (own === undefined) return base;
  const { parts: said, isOfPort } = partsAt(own, port);
  if (whole === undefined) return said;
  const kept = Object.entries(base).filter(([part]) => !isOfPort || !partsOfPort.some((each) => each === part));
  return { ...Object.fromEntries(kept), ...said };
}

/** The versions of that name; several rules may have some. */
export function subsetIn(rule: VersionRule, subset: string): readonly Placed[] {
  const found = nodesOf(specOf(rule), 'subsets').find(({ value }) => asText(value.name) === subset);
  return found === undefined ? [] : [placed(rule, found)];
}

/** The settings of a port below a `trafficPolicy`, if it has some. */
export function portSettings(policy: Placed, port: number): Placed | undefined {
  const found = nodesOf(policy.node, 'portLevelSettings').find(
    ({ value }) => asNumber(asObject(value.port)?.number) === port,
  );
  return found && placed(policy, found);
}

/** The `trafficPolicy` of a rule or of a version. */
export function policyIn(at: Pick<Place, 'object'>, node: Node): readonly Placed[] {
  const policy = nodeOf(node, 'trafficPolicy');
  return policy === undefined ? [] : [placed(at, policy)];
}

export function specOf({ object }: VersionRule): Node {
  return { value: asObject(object.value.spec) ?? {}, place: ['spec'] };
}

function partsAt(policy: Placed, port: number): { readonly parts: TrafficPolicy; readonly isOfPort: boolean } {
  const own = portSettings(policy, port);
  const names = own === undefined ? parts : partsOfPort;
  const found = names.flatMap((name) => {
    const node = nodeOf((own ?? policy).node, name);
    return node === undefined ? [] : [[name, placed(policy, node)] as const];
  });
  return { parts: Object.fromEntries(found), isOfPort: own !== undefined };
}

function placed({ object }: Pick<Place, 'object'>, node: Node): Placed {
  return { object, place: node.place, node };
}

/** What a part says, read; or what holds without it. */
export function partSetting<T>(part: Placed | undefined, read: (node: Node) => T, otherwise: Setting<T>): Setting<T> {
  return part === undefined ? otherwise : saidBy(read(part.node), part);
}
