import { asObject, asText, asTexts } from '../../mesh/json.js';
import type { JsonObject } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';
import { lifted, type Refuse, refuseOthers, type TrafficNames } from './lifting.js';
import type { PartsOf, ScopeOfTraffic } from './parts.js';

/** What sidecars know, as a list of what they reach. */
export const partsOfSidecar: PartsOf = (object, names) => {
  const { namespace = 'default' } = object;
  const spec = asObject(object.value.spec) ?? {};
  const scope = scopeOf(spec, namespace, names);
  if ('because' in scope) return scope;
  const settings = lifted((refuse) => liftSidecar(spec, namespace, names, refuse));
  return 'because' in settings
    ? { because: String(settings.because) }
    : [{ object, scope, says: { role: 'reach', settings }, readers: undefined }];
};

function scopeOf(
  { workloadSelector }: JsonObject,
  namespace: string,
  names: TrafficNames,
): ScopeOfTraffic | { readonly because: string } {
  if (workloadSelector === undefined) {
    return names.rootNamespace === namespace
      ? { because: 'it is for every namespace, also for those that are to come' }
      : { kind: 'namespace', namespace, name: '' };
  }
  const labels = asObject(asObject(workloadSelector)?.labels) ?? {};
  const [workload, ...others] = names.workloads(namespace, labels);
  if (workload === undefined) return { because: 'it selects nothing that is in the mesh' };
  return others.length > 0
    ? { because: 'it is for several workloads, also for those that are to come, and settings are for one by its name' }
    : { kind: 'workload', namespace, name: workload };
}

function liftSidecar(spec: JsonObject, namespace: string, names: TrafficNames, refuse: Refuse): JsonObject {
  refuseOthers(spec, ['workloadSelector', 'egress'], 'a Sidecar', refuse);
  const [egress, ...others] = objectsIn(spec.egress);
  if (egress === undefined || others.length > 0)
    refuse('`reaches` is one list for all listeners of `egress`, and it has several or none');
  refuseOthers(egress, ['hosts'], '`egress`', refuse);
  const reaches = asTexts(egress?.hosts).flatMap((host) => reached(host, namespace, names, refuse));
  if (reaches.length === 0) refuse('`reaches` lists what sidecars know, and cannot say that they know nothing');
  return { reaches: reaches.map((each): JsonObject => each) };
}

function reached(entry: string, own: string, names: TrafficNames, refuse: Refuse): readonly JsonObject[] {
  const [first = '', host = ''] = entry.split('/');
  if (first === '~') return [];
  const namespace = first === '.' ? own : first;
  if (host === '*') {
    if (namespace === '*') refuse('`reaches` names namespaces one by one, and it knows everything of all of them');
    return [{ namespace }];
  }
  const service = names.service(host);
  if (service !== undefined) {
    const [home = ''] = service.split('/');
    if (namespace !== '*' && namespace !== home) refuse(`\`${entry}\` is nothing of namespace \`${namespace}\``);
    return [{ service: home === own ? service.slice(own.length + 1) : service }];
  }
  return [{ host: asText(host) ?? '' }];
}
