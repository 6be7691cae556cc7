import { diagnostic } from '../diagnostics/create.js';
import type { ManifestObject, Path } from '../parse/document.js';
import { alreadyReported, itemsAt, labelsAt, namespaceOf, type Report, textAt } from '../topology/fields.js';
import { label } from '../topology/labels.js';
import { releaseOfImage } from '../topology/release.js';
import type { Shared } from './config-maps.js';
import { type Flags, place, type Said, said, type Voice } from './facts.js';
import { readFlag } from './flags.js';

const podTemplate = ['spec', 'template'] as const;

/** Whether a Deployment runs istiod. */
export function isIstiod(object: ManifestObject): boolean {
  return object.kind === 'Deployment' && labelsOf(object).app === 'istiod';
}

function labelsOf(object: ManifestObject) {
  return labelsAt(object, [...podTemplate, 'metadata', 'labels'], alreadyReported);
}

/** What the Deployment of an istiod says of it: its revision, its release, its feature flags. */
export function readIstiod(object: ManifestObject, report: Report): Voice {
  const container = discoveryContainer(object);
  const version = said(
    object,
    [...container, 'image'],
    releaseOfImage(textAt(object, [...container, 'image'], report)),
  );
  const variables = variablesOf(object, container, report);
  const release = version?.value;
  const flags = variables.flatMap(({ name, at, value }) => {
    const flag = readFlag(
      name,
      value,
      { object, namePath: [...at, 'name'], valuePath: [...at, 'value'], release },
      report,
    );
    return flag === undefined ? [] : [[name, flag] as const];
  });
  return {
    revision: revisionOf(object),
    facts: {
      version,
      clusterDomain: domainOf(object, container),
      ambient: ambientOf(object, container, new Map(flags)),
    },
    flags: new Map(flags),
  };
}

/** A flag that is not set, or to no truth, is off, unless variables come from elsewhere. */
function ambientOf(object: ManifestObject, container: Path, flags: Flags): Said<boolean> | undefined {
  const name = 'PILOT_ENABLE_AMBIENT';
  const own = flags.get(name);
  const isElsewhere =
    itemsAt(object, [...container, 'envFrom'], alreadyReported).length > 0 ||
    variablesOf(object, container, alreadyReported).some(
      (variable) => variable.name === name && variable.value === undefined,
    );
  return own ?? (isElsewhere ? undefined : place(object, [...container, 'name'], false));
}

/** The second ConfigMap that it merges under its own. */
export function sharedMeshConfig(object: ManifestObject): readonly Shared[] {
  const variable = variablesOf(object, discoveryContainer(object), alreadyReported).find(
    ({ name }) => name === 'SHARED_MESH_CONFIG',
  );
  const name = variable && said(object, [...variable.at, 'value'], variable.value || undefined);
  return name === undefined ? [] : [{ namespace: namespaceOf(object), revision: revisionOf(object).value, name }];
}

export function reportMissingShared(name: Said<string>, object: string, report: Report): void {
  const span = name.document.spanOf(name.path);
  report(diagnostic('shared-mesh-config-not-given', { istiod: object, configMap: name.value }, span));
}

function discoveryContainer(object: ManifestObject): Path {
  const containers = itemsAt(object, [...podTemplate, 'spec', 'containers'], alreadyReported);
  const named = containers.find((path) => textAt(object, [...path, 'name'], alreadyReported) === 'discovery');
  return named ?? containers[0] ?? [...podTemplate, 'spec', 'containers', 0];
}

function revisionOf(object: ManifestObject): Said<string> {
  const revision = labelsOf(object)[label.revision];
  const path = revision === undefined ? ['metadata', 'name'] : [...podTemplate, 'metadata', 'labels', label.revision];
  return place(object, path, revision || 'default');
}

function variablesOf(object: ManifestObject, container: Path, report: Report) {
  return itemsAt(object, [...container, 'env'], report).flatMap((at) => {
    const name = textAt(object, [...at, 'name'], report);
    return name === undefined ? [] : [{ name, at, value: textAt(object, [...at, 'value'], alreadyReported) }];
  });
}

/** `--domain cluster.local`, in one argument or two. */
function domainOf(object: ManifestObject, container: Path): Said<string> | undefined {
  const parts = itemsAt(object, [...container, 'args'], alreadyReported);
  const text = (path: Path | undefined) => (path === undefined ? undefined : textAt(object, path, alreadyReported));
  const index = parts.findIndex((path) => /^--domain(?:=|$)/.test(text(path) ?? ''));
  const own = text(parts[index]) ?? '';
  const at = own.includes('=') ? parts[index] : parts[index + 1];
  if (index < 0 || at === undefined) return undefined;
  const value = own.includes('=') ? own.slice(own.indexOf('=') + 1) : text(at);
  return said(object, at, value?.toLowerCase());
}
