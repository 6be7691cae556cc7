import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type JsonObject, type JsonValue, type ManifestObject, type Path, spanIn } from '../parse/document.js';
import type { IstioVersion } from '../parse/mesh.js';
import { suggest } from '../util/suggest.js';
import { describe, type Report } from './fields.js';
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
  if (fields === undefined) return [];
  const found: Diagnostic[] = [];
  tellUnknown({ object, version }, object.value, fields, [], (each) => found.push(each));
  return found;
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

/** Nearly all fields of a large mesh are known: nothing is made for them, and `path` is lengthened and shortened on the way. */
function tellUnknown(
  checked: Checked,
  value: JsonValue | undefined,
  fields: Fields | null,
  path: Array<string | number>,
  report: Report,
): void {
  if (fields === null || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.push(index);
      tellUnknown(checked, value[index], fields, path, report);
      path.pop();
    }
    return;
  }
  const mapping = value as JsonObject;
  for (const name of Object.keys(mapping)) {
    const below = fieldsBelow(fields, name, checked.version);
    path.push(name);
    if (below === undefined) report(unknown(checked, fields, [...path]));
    else tellUnknown(checked, mapping[name], below, path, report);
    path.pop();
  }
}

/** What may stand below a field; `undefined` where a release does not have the field itself. */
function fieldsBelow(fields: Fields, name: string, version: IstioVersion): Fields | null | undefined {
  if (Object.hasOwn(fields, name)) return fields[name];
  if (Object.hasOwn(fields, '*')) return fields['*'];
  const later = laterName(fields, name);
  return later === undefined || sinceOf(later, name) > version ? undefined : fields[later];
}

/** The first release of Istio that has a field `field@1.31`. */
function sinceOf(later: string, name: string): string {
  return later.slice(name.length + 1);
}

function laterName(fields: Fields, name: string): string | undefined {
  return Object.keys(fields).find((known) => known.startsWith(`${name}@`));
}

function unknown({ object, version }: Checked, fields: Fields, path: Path): Diagnostic {
  const field = String(path.at(-1));
  const later = laterName(fields, field);
  const owner = path.slice(0, -1);
  const place = owner.length === 0 ? describe(object) : `\`${inWords(owner)}\` in ${describe(object)}`;
  const help =
    later === undefined
      ? helpFor(field, fields)
      : `it is there from Istio ${sinceOf(later, field)} on; the cluster has ${version}`;
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
