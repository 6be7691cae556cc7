import type { ManifestObject } from '../parse/document.js';
import { describe, type Report } from '../topology/fields.js';
import { sortBy } from '../util/order.js';
import { readCniConfigMap } from './cni.js';
import { findIn, readConfigMaps } from './config-maps.js';
import type { Voice } from './facts.js';
import { isIstiod, readIstiod, reportMissingShared, sharedMeshConfig } from './istiod.js';
import { readInjector } from './open-settings.js';
import { readIstioOperator, readSailCni, readSailIstio } from './operators.js';

/** All that the manifests of a cluster say of the Istio that is installed there. */
export function voicesIn(all: readonly ManifestObject[], report: Report): readonly Voice[] {
  // Of the many objects of a mesh few are of a kind that can speak.
  const objects = sortBy(
    all.filter(({ kind }) => speaking.has(kind)),
    ({ document }) => document.file.path,
    ({ document }) => document.start,
    ({ path }) => Number(path.at(-1) ?? -1),
  );
  const configMaps = objects.filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'ConfigMap');
  const istiods = objects.filter(isIstiod);
  const shared = istiods.flatMap((object) => sharedMeshConfig(object).map((each) => ({ ...each, object })));
  for (const { object, namespace, name } of shared) {
    if (!findIn(configMaps, namespace, name.value)) reportMissingShared(name, describe(object), report);
  }
  return [
    ...readConfigMaps(configMaps, shared, report),
    ...istiods.map((object) => readIstiod(object, report)),
    ...configMaps.flatMap((object) => [...readCniConfigMap(object, report), ...readInjector(object, report)]),
    ...objects.flatMap((object) => operators.get(groupKind(object))?.(object, report) ?? []),
  ];
}

const operators = new Map([
  ['install.istio.io/IstioOperator', readIstioOperator],
  ['sailoperator.io/Istio', readSailIstio],
  ['sailoperator.io/IstioRevision', readSailIstio],
  ['sailoperator.io/IstioCNI', readSailCni],
]);

const speaking: ReadonlySet<string> = new Set([
  'ConfigMap',
  'Deployment',
  ...[...operators.keys()].flatMap((name) => name.split('/').slice(1)),
]);

function groupKind({ apiVersion, kind }: ManifestObject): string {
  return `${apiVersion.split('/')[0]}/${kind}`;
}
