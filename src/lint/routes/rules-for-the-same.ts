import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { byAgeAndPlace } from '../../mesh/routes/owner/age.js';
import type { Attachment, Route, RouteMatch, RouteRule } from '../../mesh/routes/route.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { groupBy, sortBy } from '../../util/order.js';
import type { LintContext } from '../context.js';
import { allRoutes } from './route-rules.js';
import { sampleOf } from './samples.js';
import { lawsOf } from './shown.js';

/** Rules of the Gateway API for the very same requests to one parent: that of the oldest route takes them all (T-19). */
export function rulesForTheSame(context: LintContext): readonly Diagnostic[] {
  const said = new Set<string>();
  const entries = allRoutes(context)
    .filter(({ route }) => route.reach === 'by-parent')
    .flatMap(({ at, route }) => entriesOf(at, route));
  return [...groupBy(entries, ({ key }) => key).values()].flatMap(twinsIn).flatMap((twins) => {
    const { object } = twins.later.rule.origin;
    const key = `${describe(object)} ${twins.later.match.place.join('.')}`;
    if (said.has(key)) return [];
    said.add(key);
    return [finding(twins)];
  });
}

interface Entry {
  readonly key: string;
  readonly route: Route;
  readonly rule: RouteRule;
  readonly match: RouteMatch;
  readonly host: string;
}

function entriesOf(at: MeshCluster, route: Route): readonly Entry[] {
  const parents = route.attachments.map((each) => parentKey(each, route, at));
  return route.http.flatMap((rule) =>
    rule.matches.flatMap((match) => {
      const asked = askedBy(match);
      return route.hosts.flatMap((host) =>
        parents.map((parent) => ({ key: [at.cluster.name, parent, host, asked].join('\n'), route, rule, match, host })),
      );
    }),
  );
}

/** Routes of the mesh are merged within their namespace, and kinds with each other from 1.30 on. */
function parentKey(
  attachment: Attachment,
  { namespace, parentPort, objects }: Route,
  { cluster }: MeshCluster,
): string {
  if (attachment.kind === 'gateway') {
    const { parent, gateway, section = '', port = '' } = attachment;
    return ['gateway', parent, gateway, section, port].join(' ');
  }
  const kind = cluster.settings.istio.version < '1.30' ? objects[0]?.kind : '';
  return ['mesh', kind, namespace, parentPort].join(' ');
}

function askedBy({ path, method, headers, query, proxy }: RouteMatch): string {
  const named = [headers, query].map((list) => sortBy(list, ({ name }) => name));
  return JSON.stringify([path, method, ...named, proxy.port]);
}

interface Twins {
  readonly first: Entry;
  readonly later: Entry;
}

/** What does the same is no matter. */
function twinsIn(group: readonly Entry[]): readonly Twins[] {
  const [first, ...others] = group.length < 2 ? [] : [...group].sort((one, two) => byAgeAndPlace(one.route, two.route));
  if (first === undefined) return [];
  const isOther = ({ rule }: Entry) => rule.origin !== first.rule.origin && doing(rule) !== doing(first.rule);
  return others.filter(isOther).map((later) => ({ first, later }));
}

function doing({ result, mirrors }: RouteRule): string {
  const ends = result.kind === 'forward' ? result.destinations.map(({ place, ...rest }) => rest) : result;
  return JSON.stringify([ends, mirrors.map(({ place, ...rest }) => rest)]);
}

function finding({ first, later }: Twins): Diagnostic {
  const [object, other] = [later.rule.origin.object, first.rule.origin.object];
  const parameters = { route: describe(object), other: describe(other), host: later.host };
  const isOne = object === other;
  const sample = sampleOf({ hosts: [later.host] }, later.rule);
  const decides = isOne ? 'the first of the two' : `the rule of ${describe(other)}`;
  const isDated = isOne || (first.route.created !== '' && later.route.created !== '');
  const who = isDated ? decides : 'the one, or by the other: manifests do not tell which is older';
  return diagnostic('rules-for-the-same', parameters, spanIn(object, later.match.place), {
    ...(sample !== undefined && { witness: `${sample} is decided by ${who}` }),
    notes: [
      { message: 'the other one is here', span: spanIn(other, first.match.place) },
      ...(lawsOf('of two rules that ask for the same that of the older route counts (istio-traffic-topology T-19)')
        .notes ?? []),
    ],
  });
}
