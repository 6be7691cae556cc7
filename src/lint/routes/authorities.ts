import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { meaningOf } from '../../mesh/paths/host-names.js';
import { meshRoutesOf } from '../../mesh/routes/owner/mesh-routes.js';
import type { Route, RouteMatch, RouteRule } from '../../mesh/routes/route.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { ownersOf, portsOf } from './known-hosts.js';
import { allRoutes } from './route-rules.js';
import { lawsOf } from './shown.js';

/** A match by a host that is none of those of the route: sidecars go by it before they look at any rule (T-92). */
export function authoritiesOfOthers(context: LintContext): readonly Diagnostic[] {
  return allRoutes(context)
    .filter(({ at, route }) => isForSidecars(at, route))
    .flatMap(({ at, route }) => route.http.flatMap((rule) => foreignIn(at, route, rule)));
}

/** A host with a wildcard has names that nobody lists, and gateways go by other hosts. */
function isForSidecars({ cluster }: MeshCluster, { reach, attachments, hosts }: Route): boolean {
  if (reach !== 'by-host' || hosts.some((host) => host.startsWith('*'))) return false;
  if (!attachments.every(({ kind }) => kind === 'mesh')) return false;
  return [...cluster.workloads.values()].some(({ mode }) => mode.plane === 'sidecar');
}

function foreignIn(at: MeshCluster, route: Route, rule: RouteRule): readonly Diagnostic[] {
  return rule.matches.flatMap((match) => {
    const asked = askedHost(match);
    const elsewhere = asked === undefined ? undefined : whereElse(at, route, asked);
    return asked === undefined || elsewhere === undefined ? [] : [finding(route, rule, match, { asked, ...elsewhere })];
  });
}

function askedHost({ authority }: RouteMatch): string | undefined {
  return authority?.kind === 'exact' ? authority.value : undefined;
}

/** What sidecars do with requests that name a host, if it is none of those of the route. */
function whereElse(at: MeshCluster, { namespace, hosts }: Route, asked: string): Elsewhere | undefined {
  const all = hosts.flatMap((host) => ownersOf(at, host).flatMap((owner) => portsOf(owner)));
  const served = all.filter(({ layer }) => layer !== 'tcp');
  // On a port whose protocol is detected sidecars go by the address.
  if (served.some(({ layer }) => layer === 'detected')) return undefined;
  const ports = [...new Set(served.map(({ number }) => number))];
  const meanings = (ports.length === 0 ? [80] : ports).map((port) => meaningOf(at, namespace, asked, port));
  const names = meanings.map((meaning) => {
    if (meaning.kind === 'undecided') return undefined;
    return meaning.kind === 'host' ? meaning.named.host : meaning.name;
  });
  if (names.some((name) => name === undefined || hosts.includes(name))) return undefined;
  const known = meanings.flatMap((meaning) => (meaning.kind === 'host' ? [meaning.named.host] : []))[0];
  if (known !== undefined) return { goes: `send requests for it to \`${known}\``, help: ofTheOther };
  const isRouted = names.some((name) => name !== undefined && meshRoutesOf(at).exact.has(name));
  if (isRouted) return { goes: 'go by other routes for it', help: ofTheOther };
  return { goes: 'know no such host', help: `add \`${asked}\` to \`hosts\`` };
}

const ofTheOther = 'put the rule into a route for that host, or remove it';

interface Elsewhere {
  readonly goes: string;
  readonly help: string;
}

interface Foreign extends Elsewhere {
  readonly asked: string;
}

function finding(
  route: Route,
  { origin }: RouteRule,
  { place }: RouteMatch,
  { asked, goes, help }: Foreign,
): Diagnostic {
  const { object } = origin;
  const parameters = { route: describe(object), host: asked, goes };
  return diagnostic('authority-of-another', parameters, spanIn(object, [...place, 'authority']), {
    witness: `GET / to ${route.hosts[0] ?? ''} with host ${asked} does not come to this rule`,
    ...lawsOf(
      'sidecars go by the Host header, and the rules are those of the host that it names (istio-traffic-topology T-92)',
    ),
    help,
  });
}
