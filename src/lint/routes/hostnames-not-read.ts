import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asObject, asTexts } from '../../mesh/json.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { writtenRoutes } from './route-rules.js';
import { lawsOf } from './shown.js';

/** A route for a Service that names hosts as well: in the mesh they are not asked for (T-16). */
export function hostnamesNotRead(context: LintContext): readonly Diagnostic[] {
  const said = new Set<object>();
  return writtenRoutes(context).flatMap(({ route }) => {
    const [object] = route.objects;
    const isForMesh = route.attachments.some(({ kind }) => kind === 'mesh');
    if (object === undefined || route.reach !== 'by-parent' || !isForMesh || said.has(object)) return [];
    const foreign = asTexts(asObject(object.value.spec)?.hostnames).find((host) => !route.hosts.includes(host));
    if (foreign === undefined || object.kind === 'TLSRoute') return [];
    said.add(object);
    const [host = ''] = route.hosts;
    return diagnostic('hostnames-not-read', { route: describe(object), host }, spanIn(object, ['spec', 'hostnames']), {
      witness: `GET / to ${host} is routed by it, though \`hostnames\` names ${foreign} alone`,
      ...lawsOf('a route for a Service is for the host of its Service (istio-traffic-topology T-16)'),
    });
  });
}
