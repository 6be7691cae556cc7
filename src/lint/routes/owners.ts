import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Route } from '../../mesh/routes/route.js';
import { type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { groupBy } from '../../util/order.js';
import type { LintContext } from '../context.js';
import { overlap } from './gateway-bindings.js';
import { indexByHost } from './host-index.js';
import { hasSidecars } from './known-hosts.js';
import { allRoutes } from './route-rules.js';
import { lawsOf } from './shown.js';

/** A route of the mesh for a host. */
interface Owned {
  readonly cluster: string;
  readonly route: Route;
  readonly object: ManifestObject;
  readonly host: string;
  readonly place: Path;
  readonly hasSidecars: boolean;
}

/** Routes of the mesh that own one host for the same clients: which of them counts is a matter of age (I-01b, T-05). */
export function hostsWithTwoOwners(context: LintContext): readonly Diagnostic[] {
  const groups = groupBy(ownedBy(context), ({ cluster, host }) => `${cluster} ${host}`);
  return [...groups.values()].flatMap(collisionsIn);
}

/** One each of those that share a host with an earlier one. Those of the Gateway API for one Service are never rivals. */
function collisionsIn(group: readonly Owned[]): readonly Diagnostic[] {
  const ordered = group.map((own, order) => ({ own, order }));
  const byHost = ordered.filter(({ own }) => own.route.reach === 'by-host');
  return ordered.flatMap(({ own, order }) => {
    const rivals = own.route.reach === 'by-host' ? ordered : byHost;
    const rival = rivals.find(
      (each) => each.order < order && each.own.object !== own.object && areRivals(own, each.own),
    );
    return rival === undefined ? [] : [collision(own, rival.own)];
  });
}

function ownedBy(context: LintContext): readonly Owned[] {
  return allRoutes(context)
    .filter(({ route }) => route.attachments.some(({ kind }) => kind === 'mesh'))
    .flatMap(({ at, route }) =>
      route.objects.flatMap((object) =>
        route.hosts.map((host, index) => {
          const place = object.kind === 'VirtualService' ? ['spec', 'hosts', index] : ['metadata', 'name'];
          return { cluster: at.cluster.name, route, object, host, place, hasSidecars: hasSidecars(at) };
        }),
      ),
    );
}

/** Those of the Gateway API for one Service and in one namespace are merged; so are those of different protocols. */
function areRivals({ route: left }: Owned, { route: right }: Owned): boolean {
  if (left.reach === 'by-parent' && right.reach === 'by-parent') return false;
  if (!['http', 'tls', 'tcp'].some((kind) => hasRules(left, kind) && hasRules(right, kind))) return false;
  return isPublic(left) && isPublic(right) ? true : !isPublic(left) && !isPublic(right) && meet(left, right);
}

function hasRules(route: Route, kind: string): boolean {
  return (kind === 'http' ? route.http : kind === 'tls' ? route.tls : route.tcp).length > 0;
}

function isPublic({ exportTo }: Route): boolean {
  return exportTo.includes('*');
}

function viewersOf({ exportTo, namespace }: Route): readonly string[] {
  return exportTo.map((each) => (each === '.' ? namespace : each)).filter((each) => each !== '~' && each !== '*');
}

function meet(left: Route, right: Route): boolean {
  const others = viewersOf(right);
  return viewersOf(left).some((viewer) => others.includes(viewer));
}

function collision(own: Owned, rival: Owned): Diagnostic {
  const isMixed = own.route.reach !== rival.route.reach;
  const law = isMixed
    ? 'sidecars take the older of the two, and a waypoint puts the rules of both after each other (istio-traffic-topology T-05)'
    : 'sidecars take the oldest of them alone, and a waypoint puts the rules of all after each other (istio-traffic-topology I-01b, T-03)';
  const parameters = { route: describe(own.object), other: describe(rival.object), host: own.host };
  return diagnostic('host-with-two-owners', parameters, spanIn(own.object, own.place), {
    witness: `GET / to ${own.host.replace(/^\*\.?/, 'any.')} is routed by ${whoDecides(own, rival)}`,
    notes: [{ message: 'the other one is here', span: spanIn(rival.object, rival.place) }, { message: law }],
  });
}

/** The age of objects stands in what was read from a cluster, and seldom in manifests. */
function whoDecides(own: Owned, rival: Owned): string {
  const [left, right] = [own.route.created, rival.route.created];
  if (left === '' || right === '' || left === right) return 'the one, or by the other: manifests do not tell which';
  const older = describe((left < right ? own : rival).object);
  return own.hasSidecars
    ? `${older} where a sidecar sends it: it is the older`
    : `the rules of ${older} first: it is the older`;
}

/** A route that clients of some namespaces obey instead of another for the same hosts: often meant, and easily forgotten (I-01b). */
export function routesOverridden(context: LintContext): readonly Diagnostic[] {
  const owned = ownedBy(context).filter(({ route }) => route.reach === 'by-host');
  const open = indexByHost(
    owned.filter(({ route }) => isPublic(route)),
    ({ host }) => host,
  );
  return owned
    .filter(({ route }) => !isPublic(route))
    .flatMap((own) => {
      const hidden = open(own.host).find((other) => other.cluster === own.cluster && overlap(other.host, own.host));
      const viewers = viewersOf(own.route);
      if (hidden === undefined || viewers.length === 0) return [];
      const parameters = {
        route: describe(own.object),
        other: describe(hidden.object),
        host: own.host,
        viewers: viewers.map((viewer) => `\`${viewer}\``).join(', '),
      };
      return diagnostic('route-overridden', parameters, spanIn(own.object, own.place), {
        ...lawsOf('what is exported to some comes before what all know (istio-traffic-topology I-01b)'),
      });
    });
}
