import type { JsonValue } from '../../../src/parse/document.js';
import type { Cluster, Service } from '../../../src/topology/model.js';
import { selects } from '../../../src/topology/model.js';
import { at, cut, type Emitted, kindOf, nameOf, namespaceOf, objectOf, put } from './emitted.js';
import { changed, doubled, type Mutation, removed, type Variant } from './mutation.js';

const annotation = ['metadata', 'annotations'] as const;

/** Whom a policy reaches, and whether it is there at all. */
export const attachmentMutations: readonly Mutation[] = [
  policy('guard removed', (emitted) => (isNamed(emitted, 'guard') ? removed() : [])),
  policy('default removed', (emitted) => (isNamed(emitted, 'default-deny') ? removed() : [])),
  policy('policy removed', (emitted) =>
    isNamed(emitted, 'guard') || isNamed(emitted, 'default-deny') ? [] : removed(),
  ),
  policy('action flipped', (emitted) => {
    const flipped = at(emitted.value, ['spec', 'action']) === 'DENY' ? 'ALLOW' : 'DENY';
    return [changed(emitted, `action ${flipped}`, put(emitted.value, ['spec', 'action'], flipped))];
  }),
  policy('policy not enforced', (emitted) => [
    changed(emitted, 'dry run', put(emitted.value, [...annotation, 'istio.io/dry-run'], 'true')),
  ]),
  policy('policy written twice', (emitted) => [
    doubled(emitted, 'twice', objectOf(put(emitted.value, ['metadata', 'name'], `${nameOf(emitted)}-twice`))),
  ]),
  policy('selector in place of target', (emitted, cluster) => {
    const service = targetOf(emitted, cluster);
    if (service?.selector === undefined) return [];
    const rest = cut(emitted.value, ['spec', 'targetRefs']);
    return [changed(emitted, 'by selector', put(rest, ['spec', 'selector', 'matchLabels'], service.selector))];
  }),
  policy('target in place of selector', (emitted, cluster) => {
    const service = selectedService(emitted, cluster);
    if (service === undefined) return [];
    const rest = cut(emitted.value, ['spec', 'selector']);
    return [changed(emitted, `by target ${service}`, put(rest, ['spec', 'targetRefs'], [serviceTarget(service)]))];
  }),
  policy('target of another service', (emitted, cluster) => {
    const service = targetOf(emitted, cluster);
    if (service === undefined) return [];
    const names = [...servicesOf(emitted, cluster).map(({ name }) => name), 'nothing-of-this-name'];
    return names
      .filter((name) => name !== service.name)
      .slice(0, 2)
      .map((name) => changed(emitted, `target ${name}`, put(emitted.value, ['spec', 'targetRefs', 0, 'name'], name)));
  }),
  policy('namespace changed', (emitted, cluster) => moved(emitted, cluster)),
  policy('selector emptied', (emitted) =>
    selectorOf(emitted) === undefined
      ? []
      : [changed(emitted, 'selector {}', put(emitted.value, ['spec', 'selector'], {}))],
  ),
  policy('selector removed', (emitted) =>
    selectorOf(emitted) === undefined
      ? []
      : [changed(emitted, 'no selector', cut(emitted.value, ['spec', 'selector']))],
  ),
  policy('selector widened', (emitted) => {
    const labels = Object.keys(objectOf(selectorOf(emitted)));
    if (labels.length < 2) return [];
    return labels.map((label) =>
      changed(emitted, `selector without ${label}`, cut(emitted.value, ['spec', 'selector', 'matchLabels', label])),
    );
  }),
  policy('selector narrowed', (emitted) =>
    selectorOf(emitted) === undefined
      ? []
      : [changed(emitted, 'selector narrowed', put(emitted.value, ['spec', 'selector', 'matchLabels', 'no'], 'body'))],
  ),
];

function policy(kind: string, variants: Mutation['variants']): Mutation {
  return {
    kind,
    variants: (emitted, cluster) => (kindOf(emitted) === 'AuthorizationPolicy' ? variants(emitted, cluster) : []),
  };
}

/** Into the root namespace, where it is for the whole mesh, and into another namespace of the cluster. */
export function moved(emitted: Emitted, { namespaces }: Cluster): readonly Variant[] {
  const own = namespaceOf(emitted);
  const other = [...namespaces.keys()].find((name) => name !== own && name !== 'istio-system');
  return ['istio-system', ...(other === undefined ? [] : [other])]
    .filter((name) => name !== own)
    .map((name) => changed(emitted, `namespace ${name}`, put(emitted.value, ['metadata', 'namespace'], name)));
}

function isNamed(emitted: Emitted, word: string): boolean {
  return nameOf(emitted).endsWith(word);
}

function selectorOf({ value }: Emitted): JsonValue | undefined {
  return at(value, ['spec', 'selector', 'matchLabels']);
}

function servicesOf(emitted: Emitted, { services }: Cluster): readonly Service[] {
  return [...services.values()].filter(({ namespace }) => namespace === namespaceOf(emitted));
}

function targetOf(emitted: Emitted, { services }: Cluster): Service | undefined {
  return services.get(`${namespaceOf(emitted)}/${at(emitted.value, ['spec', 'targetRefs', 0, 'name'])}`);
}

function selectedService(emitted: Emitted, cluster: Cluster): string | undefined {
  const labels = selectorOf(emitted);
  if (labels === undefined) return undefined;
  const wanted = Object.fromEntries(Object.entries(objectOf(labels)).map(([key, value]) => [key, String(value)]));
  return servicesOf(emitted, cluster).find(({ selector }) => selector && selects(wanted, selector))?.name;
}

function serviceTarget(name: string): JsonValue {
  return { group: '', kind: 'Service', name };
}
