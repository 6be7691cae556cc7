import { diagnostic } from '../../../diagnostics/create.js';
import type { ServiceTraits, VersionService } from '../../../ir/placed-traffic.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { isManaged, spanIn } from '../../../parse/document.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { type Cluster, keyOf, type Labels, type Service, selects } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import { nearPodsAnnotation } from '../endpoints/near-pods.js';

/**
 * One Service a version: one that is the whole with fewer pods is used, otherwise `<service>-<version>` is emitted. Where only a
 * rollout controller tells versions apart, it tells their Services apart by their names.
 */
export function versionServices(
  context: PlaceContext,
  policy: DestinationPolicy,
  traffic: ResolvedTraffic,
  cluster: Cluster,
): VersionService[] {
  const { destination } = policy;
  const { service } = destination;
  if (service === undefined) return [];
  const traits = withAnnotations(traitsOf(service), nearPodsAnnotation(context, policy));
  return traffic.versions.map(({ name, labels }) => {
    const selector = { ...service.selector, ...labels };
    const own = `${destination.name}-${name}`;
    const isAlike = traffic.versions.some(
      (other) => other.name !== name && sameLabels({ ...service.selector, ...other.labels }, selector),
    );
    const fitting = [...cluster.services.values()].filter(
      (each) => each.namespace === destination.namespace && differenceOf(each, service, selector, traits) === undefined,
    );
    const known = isAlike ? fitting.find((each) => each.name === own) : fitting[0];
    if (known) return { version: name, name: known.name, selector, exists: !isManaged(known.object), traits };
    const taken = cluster.services.get(keyOf({ namespace: destination.namespace, name: own }));
    if (taken && !isManaged(taken.object)) {
      const why = differenceOf(taken, service, selector, traits) ?? '';
      const parameters = { version: name, name: keyOf(taken), service: keyOf(service), why };
      const notes = [{ message: 'the Service of that name', span: spanIn(taken.object, ['metadata', 'name']) }];
      context.report(diagnostic('name-taken', parameters, traffic.origin.span, { notes }));
    }
    return { version: name, name: own, selector, exists: false, traits };
  });
}

/** What keeps a Service from standing for a version: requests that a route sends to it are treated as it says, not as the whole does. */
function differenceOf(found: Service, whole: Service, selector: Labels, traits: ServiceTraits): string | undefined {
  if (!sameLabels(found.selector, selector)) return `selects other pods than ${listed(selector)}`;
  if (!found.hasVip) return 'has no virtual IP';
  const port = whole.ports.find((each) => !found.ports.some((other) => isSamePort(each, other)));
  if (port !== undefined) return `leads from port ${port.number} to another port than \`${port.targetPort}\``;
  const isSame = JSON.stringify(traits) === JSON.stringify(traitsOf(found));
  return isSame ? undefined : 'chooses endpoints in another way';
}

function withAnnotations(traits: ServiceTraits, wanted: ServiceTraits['annotations']): ServiceTraits {
  return { ...traits, annotations: { ...traits.annotations, ...wanted } };
}

function isSamePort(left: Service['ports'][number], right: Service['ports'][number]): boolean {
  return left.number === right.number && left.targetPort === right.targetPort && left.protocol === right.protocol;
}

function sameLabels(left: Labels | undefined, right: Labels): boolean {
  return left !== undefined && Object.keys(left).length === Object.keys(right).length && selects(left, right);
}

function listed(selector: Labels): string {
  return Object.entries(selector)
    .map(([key, value]) => `\`${key}: ${value}\``)
    .join(' and ');
}

/** What decides how endpoints are chosen and by whom, as far as it is not as Kubernetes has it by itself. */
function traitsOf({ object, annotations, labels }: Service): ServiceTraits {
  const { trafficDistribution, publishNotReadyAddresses, internalTrafficPolicy, ipFamilyPolicy, ipFamilies } = Object(
    object.value.spec,
  );
  const isDualStack = typeof ipFamilyPolicy === 'string' && ipFamilyPolicy !== 'SingleStack';
  const families: readonly unknown[] = Array.isArray(ipFamilies) ? ipFamilies : [];
  const spec = {
    ...(typeof trafficDistribution === 'string' && { trafficDistribution }),
    ...(publishNotReadyAddresses === true && { publishNotReadyAddresses }),
    ...(internalTrafficPolicy === 'Local' && { internalTrafficPolicy }),
    ...(isDualStack && { ipFamilyPolicy }),
    ...((isDualStack || families[0] === 'IPv6') &&
      families.length > 0 && { ipFamilies: families.filter((each) => typeof each === 'string') }),
  };
  return { spec, annotations: kept(annotations, keptAnnotations), labels: kept(labels, keptLabels) };
}

const keptAnnotations = [
  'networking.istio.io/exportTo',
  'networking.istio.io/traffic-distribution',
  'service.kubernetes.io/topology-mode',
  'ambient.istio.io/connect-strategy',
];

const keptLabels = ['istio.io/global'];

function kept(values: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]] as const])),
  );
}
