import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { Test } from '../../mesh/policies/policy.js';
import type { Request } from '../../mesh/request.js';
import type { Route, RouteRule } from '../../mesh/routes/route.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { keyOf, type Service } from '../../topology/model.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceOf, proofOf } from '../evidence.js';
import { testsOf } from '../written.js';
import { ownersOf } from './known-hosts.js';
import { allRoutes, sendingsOf } from './route-rules.js';

/** A gateway that replaces the beginning of a path before it sends to a Service. */
interface Rewriting {
  readonly at: MeshCluster;
  readonly route: Route;
  readonly rule: RouteRule;
  readonly gateway: string;
  readonly service: Service;
  readonly port: number;
  readonly from: string;
  readonly to: string;
}

/**
 * A denial by a path that a gateway rewrites on the way: it is compared with what the request has become, and the path that
 * was written never comes (T-90).
 */
export function rewrittenPastPolicies(context: LintContext): readonly Diagnostic[] {
  const rewritings = rewritingsOf(context);
  if (rewritings.length === 0) return [];
  return context.policies
    .filter(({ policy }) => policy.action === 'DENY')
    .flatMap((subject) =>
      subject.policy.rules.flatMap((rule) => {
        const paths = testsOf(rule).filter(
          ({ attribute, values }) => attribute === 'request.path' && values.length > 0,
        );
        return firstOf(paths, (test) => missedBy(context, subject, test, rewritings)) ?? [];
      }),
    );
}

function rewritingsOf(context: LintContext): readonly Rewriting[] {
  return allRoutes(context).flatMap(({ at, route }) => {
    const bound = route.attachments.flatMap((each) => (each.kind === 'gateway' ? [each.gateway] : []));
    if (bound.length === 0) return [];
    const gateways = [...at.cluster.gateways.values()].filter(({ listeners }) =>
      listeners.some(({ object }) => bound.includes(`${object.namespace ?? 'default'}/${object.name}`)),
    );
    return sendingsOf(route).flatMap(({ rule, host, port }) => {
      const changed = rule && rewriteOf(rule);
      const found = ownersOf(at, host).find(({ kind }) => kind === 'Service');
      if (changed === undefined || rule === undefined || found?.kind !== 'Service') return [];
      const number = port ?? found.owner.ports[0]?.number;
      if (number === undefined) return [];
      return gateways.map((gateway) => {
        return { at, route, rule, gateway: keyOf(gateway), service: found.owner, port: number, ...changed };
      });
    });
  });
}

/** The prefix that a rule is for and what stands for it, where one is known. */
function rewriteOf({ result, matches }: RouteRule): { readonly from: string; readonly to: string } | undefined {
  if (result.kind !== 'forward') return undefined;
  const paths = result.destinations.map(({ changes }) => changes.path);
  const to = paths.map((path) => (path?.kind === 'strip' ? '/' : path?.kind === 'prefix' ? path.value : undefined));
  const known = to.find((each) => each !== undefined);
  const match = matches.find((each) => each.path?.kind === 'prefix' || each.path?.kind === 'elements')?.path;
  return known !== undefined && match !== undefined ? { from: match.value, to: known } : undefined;
}

function missedBy(context: LintContext, subject: PolicyInMesh, test: Test, rewritings: readonly Rewriting[]) {
  const { policy, at } = subject;
  return firstOf(test.values, (value) => {
    const written = value.replace(/\*$/, '');
    return firstOf(rewritings, (rewriting) => {
      const { from, to, service, route } = rewriting;
      const isAbout = rewriting.at === at && written.startsWith(from) && !to.startsWith(from);
      if (!isAbout || !subject.sites.some(({ behind }) => behind?.service === service)) return undefined;
      const sent = written === value ? written : `${written}x`;
      const arriving = `${to}${sent.slice(from.length)}`.replace(/^\/\//, '/');
      const evidence = passing(context, rewriting, sent, arriving);
      const [object] = route.objects;
      if (evidence === undefined || object === undefined) return undefined;
      const parameters = { policy: nameOf(policy), value, route: describe(object), sent, arriving };
      const proof = proofOf(evidence, 'a policy compares what the request has become (istio-traffic-topology T-90)');
      const place = { message: 'the rule that rewrites is here', span: spanIn(object, rewriting.rule.origin.place) };
      const details = { ...proof, notes: [place, ...(proof.notes ?? [])] };
      return [diagnostic('rewritten-past-policy', parameters, spanIn(policy.object, test.place), details)];
    });
  });
}

/** The request as it arrives gets in, and would be denied as it was sent. */
function passing({ mesh }: LintContext, rewriting: Rewriting, sent: string, arriving: string): Evidence | undefined {
  const { at, gateway, service, port } = rewriting;
  const cluster = at.cluster.name;
  const source = { kind: 'gateway', cluster, gateway } as const;
  return firstOf(service.workloads, (workload) => {
    const destination = { kind: 'service', cluster, service: keyOf(service), port, workload } as const;
    const request = (path: string): Request => {
      return { source, destination, payload: { kind: 'http', method: 'GET', path, host: 'any', headers: {} } };
    };
    if (evidenceOf(mesh, request(sent), 'denied') === undefined) return undefined;
    return evidenceOf(mesh, request(arriving), 'allowed');
  });
}
