import { diagnostic } from '../../diagnostics/create.js';
import type { TrafficScope, TrafficSettings } from '../../parse/traffic/settings.js';
import type { ResolveContext } from '../context.js';

type ScopeKind = TrafficScope['kind'];

/** What is said of other scopes than those to which requests are routed. */
const scopesOf: Readonly<Record<string, readonly ScopeKind[]>> = {
  reachability: ['mesh', 'namespace', 'workload'],
  reaches: ['mesh', 'namespace', 'workload'],
  exportTo: ['mesh', 'namespace', 'service', 'host'],
  deployment: ['gateway'],
  limits: ['service', 'gateway'],
  extensions: ['service', 'gateway'],
  telemetry: ['mesh', 'namespace', 'workload', 'service', 'gateway'],
};

/** Whether requests to it are routed. */
export function isRouted(kind: ScopeKind): kind is 'service' | 'gateway' | 'host' {
  return kind === 'service' || kind === 'gateway' || kind === 'host';
}

/** What callers are given of a Service, what pods know of the mesh, and what proxies record: each is said of scopes of its own. */
export function checkScopeFields({ report }: ResolveContext, { scope, fields, exportTo }: TrafficSettings): void {
  const misplaced = fields.filter(({ value }) => !(scopesOf[value]?.includes(scope.kind) ?? isRouted(scope.kind)));
  const label = scope.kind === 'mesh' ? 'the mesh' : `a ${scope.kind}`;
  for (const { value, span } of misplaced) {
    const { why, help } = advice(value, scope.kind);
    report(diagnostic('not-of-scope', { field: value, scope: label, why }, span, { help }));
  }
  if (exportTo?.namespaces === undefined || (scope.kind !== 'mesh' && scope.kind !== 'namespace')) return;
  const why = 'a list of namespaces is of one Service or host';
  const help = 'write `exportTo: Callers`, or the list in settings of each Service';
  report(diagnostic('not-of-scope', { field: 'exportTo', scope: label, why }, exportTo.span, { help }));
}

function advice(field: string, kind: ScopeKind): { readonly why: string; readonly help: string } {
  if (field === 'telemetry')
    return { why: 'no proxy of the mesh is its own', help: 'write it in settings of the callers’ namespace' };
  if (field === 'exportTo')
    return {
      why: 'what is exported is written for Services, whose callers rules name',
      help: 'write it for a Service, for a namespace or for the mesh',
    };
  if (field === 'deployment')
    return {
      why: 'only gateways are deployed for what settings say',
      help: 'write it beside the `listeners` of a gateway, and what waypoints have in the project file',
    };
  if (field === 'limits' || field === 'extensions')
    return {
      why: 'requests are counted in front of the pods of a Service, and at gateways',
      help: 'write it in settings of each Service, or of a gateway',
    };
  return isRouted(kind)
    ? {
        why: 'what sidecars know is said of the mesh, of a namespace or of a workload',
        help: 'write it in settings of a namespace',
      }
    : {
        why: 'of it is said what its sidecars know, what its proxies record and to whom its Services are exported',
        help: 'write it in settings of each Service',
      };
}
