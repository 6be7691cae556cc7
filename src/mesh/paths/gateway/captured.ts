import { label } from '../../../topology/labels.js';
import type { Gateway } from '../../../topology/model.js';
import { asObject } from '../../json.js';
import type { MeshCluster } from '../../mesh.js';

/**
 * Whether ztunnel takes in the pods of a gateway: it then stands before what comes in from everybody, with policies of its own,
 * and sends on what goes out. Istiod has the pods that it makes left out where the Gateway does not say otherwise (E-25).
 */
export function isCaptured({ cluster }: MeshCluster, gateway: Gateway): boolean {
  const { ambient, excludeNamespaces } = cluster.settings.istio;
  const { namespace, name, podLabels, object } = gateway;
  if (!ambient || excludeNamespaces.includes(namespace)) return false;
  const mode = podLabels[label.dataplaneMode];
  if (mode === 'ambient') return true;
  const isMade = gateway.kind === 'gateway-api' && podLabels[label.gatewayName] === name;
  const home = cluster.namespaces.get(namespace)?.labels[label.dataplaneMode];
  return isMade && mode !== 'none' && home === 'ambient' && saysMode(object.value);
}

/** Labels of `infrastructure` are those of the pods instead of its own, which count for this all the same. */
function saysMode({ metadata, spec }: Gateway['object']['value']): boolean {
  const labels = [metadata, asObject(spec)?.infrastructure].map((each) => asObject(asObject(each)?.labels));
  return labels.some((each) => each?.[label.dataplaneMode] !== undefined);
}
