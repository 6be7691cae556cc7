import { diagnostic } from '../../../diagnostics/create.js';
import type { TrafficScope, TrafficSettings } from '../../../parse/traffic/settings.js';
import type { ResolveContext } from '../../context.js';

const ofSidecars: ReadonlySet<string> = new Set(['reachability', 'reaches']);

/** Whether requests to it are routed; of others only what their sidecars know is said. */
export function isRouted(kind: TrafficScope['kind']): kind is 'service' | 'gateway' | 'host' {
  return kind === 'service' || kind === 'gateway' || kind === 'host';
}

/** What callers are given of a Service is one thing, and what pods know of the mesh another: neither is said of both. */
export function checkFields({ report }: ResolveContext, { scope, fields }: TrafficSettings): void {
  const ofRequests = isRouted(scope.kind);
  const misplaced = fields.filter(({ value }) => ofSidecars.has(value) === ofRequests);
  const why = ofRequests
    ? 'what sidecars know is said of the mesh, of a namespace or of a workload'
    : 'only what its sidecars know is said of it';
  const help = ofRequests ? 'write it in settings of a namespace' : 'write it in settings of each Service';
  const label = scope.kind === 'mesh' ? 'the mesh' : `a ${scope.kind}`;
  for (const { value, span } of misplaced)
    report(diagnostic('not-of-scope', { field: value, scope: label, why }, span, { help }));
}
