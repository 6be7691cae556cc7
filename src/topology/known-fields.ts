import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type JsonValue, type ManifestObject, type Path, spanIn } from '../parse/document.js';
import type { IstioVersion } from '../parse/mesh.js';
import { suggest } from '../util/suggest.js';
import { describe } from './fields.js';
import ofDefinitions from './known-fields.json' with { type: 'json' };

/**
 * The fields of a mapping; `null` for what may hold anything. `field@1.31` is there from that release of Istio on, `*` is
 * every name of a mapping whose names are free, and a list is as its items.
 */
export interface Fields {
  readonly [name: string]: Fields | null;
}

function named(...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, null]));
}

const withSpec = named('spec', 'status');

/** Of Kubernetes' own kinds that a topology is read from, what stands beside `metadata`. */
const ofCoreKinds: Readonly<Record<string, Fields>> = {
  '/Namespace': withSpec,
  '/Service': withSpec,
  '/Pod': withSpec,
  '/ServiceAccount': named('secrets', 'imagePullSecrets', 'automountServiceAccountToken'),
  'apps/Deployment': withSpec,
  'apps/StatefulSet': withSpec,
  'apps/DaemonSet': withSpec,
  'apps/ReplicaSet': withSpec,
  'batch/Job': withSpec,
  'batch/CronJob': withSpec,
  '/Endpoints': named('subsets'),
  'discovery.k8s.io/EndpointSlice': named('addressType', 'endpoints', 'ports'),
  'networking.k8s.io/NetworkPolicy': withSpec,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': named('webhooks'),
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': named('webhooks'),
  'apiregistration.k8s.io/APIService': withSpec,
  'apiextensions.k8s.io/CustomResourceDefinition': withSpec,
};

export const fieldsOfEveryObject: Fields = {
  ...named('apiVersion', 'kind'),
  metadata: named(
    ...['name', 'generateName', 'namespace', 'labels', 'annotations', 'ownerReferences', 'finalizers', 'uid'],
    ...['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'resourceVersion'],
    ...['managedFields', 'selfLink', 'clusterName'],
  ),
};

/**
 * Fields that an object of a known kind does not have. Of the security kinds the `spec` is left to whoever reads it: a
 * fault in it is an error there.
 */
export function checkFields(object: ManifestObject, version: IstioVersion): readonly Diagnostic[] {
  const fields = fieldsOf(object);
  return fields === undefined ? [] : unknownIn({ object, version }, object.value, fields, []);
}

/** Beside what every object has, the fields of each `group/Kind`, whichever release of Istio has it. */
export const fieldsOfKinds: ReadonlyMap<string, Fields> = new Map(
  Object.entries<Fields>({ ...ofDefinitions, ...ofCoreKinds }).map(([kind, fields]) => [
    kind.split('@')[0] ?? '',
    fields,
  ]),
);

const checkedFields: ReadonlyMap<string, Fields> = new Map(
  [...fieldsOfKinds].map(([kind, fields]) => {
    const own = kind.startsWith('security.istio.io/') ? withSpec : fields;
    return [kind, { ...fieldsOfEveryObject, ...own }];
  }),
);

function fieldsOf({ apiVersion, kind }: ManifestObject): Fields | undefined {
  return checkedFields.get(`${apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0))}/${kind}`);
}

interface Checked {
  readonly object: ManifestObject;
  readonly version: IstioVersion;
}

function unknownIn(
  checked: Checked,
  value: JsonValue | undefined,
  fields: Fields | null,
  path: Path,
): readonly Diagnostic[] {
  if (fields === null || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownIn(checked, item, fields, [...path, index]));
  return Object.entries(value).flatMap(([name, child]) => {
    const known = lookUp(fields, name);
    if (known === undefined || known.since > checked.version) {
      return [unknown(checked, fields, [...path, name], known?.since)];
    }
    return known.fields === null ? [] : unknownIn(checked, child, known.fields, [...path, name]);
  });
}

interface Known {
  readonly fields: Fields | null;
  /** The first release of Istio that has the field. */
  readonly since: string;
}

function lookUp(fields: Fields, name: string): Known | undefined {
  if (Object.hasOwn(fields, name)) return { fields: fields[name] ?? null, since: '' };
  if (Object.hasOwn(fields, '*')) return { fields: fields['*'] ?? null, since: '' };
  const later = laterName(fields, name);
  return later === undefined ? undefined : { fields: fields[later] ?? null, since: later.slice(name.length + 1) };
}

function laterName(fields: Fields, name: string): string | undefined {
  return Object.keys(fields).find((known) => known.startsWith(`${name}@`));
}

function unknown({ object, version }: Checked, fields: Fields, path: Path, since: string | undefined): Diagnostic {
  const field = String(path.at(-1));
  const owner = path.slice(0, -1);
  const place = owner.length === 0 ? describe(object) : `\`${inWords(owner)}\` in ${describe(object)}`;
  const help =
    since === undefined ? helpFor(field, fields) : `it is there from Istio ${since} on; the cluster has ${version}`;
  return diagnostic('unknown-object-field', { field, place }, spanIn(object, path, 'key'), { help });
}

const listedFields = 12;

function helpFor(field: string, fields: Fields): string {
  const names = Object.keys(fields).map((name) => name.split('@')[0] ?? name);
  const near = suggest(field, names).map((name) => `\`${name}\``);
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`;
  const shown = names.slice(0, listedFields).map((name) => `\`${name}\``);
  return `its fields are ${shown.join(', ')}${names.length > shown.length ? ' and others' : ''}`;
}

function inWords(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
}
