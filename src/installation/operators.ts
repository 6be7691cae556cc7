import type { ManifestObject, Path } from '../parse/document.js';
import { alreadyReported, booleanAt, itemsAt, mappingAt, type Report, textAt, textsAt } from '../topology/fields.js';
import { releaseOf } from '../topology/release.js';
import { over, place, type Said, type Sayings, said, type Voice } from './facts.js';
import { readFlag } from './flags.js';
import { readMeshConfig } from './mesh-config.js';
import { openMeshConfig, openValues } from './open-settings.js';
import { recordersIn } from './recorders.js';
import { trafficDefaults } from './traffic-defaults.js';

/** What an IstioOperator installs: `spec.meshConfig` goes before the same of its Helm values. */
export function readIstioOperator(object: ManifestObject, report: Report): readonly Voice[] {
  const spec = { object, values: ['spec', 'values'], report };
  if (!installsIstiod(object)) return [];
  const tag = textAt(object, ['spec', 'tag'], alreadyReported);
  const own = { version: said(object, ['spec', 'tag'], releaseOf(tag)) };
  const named = textAt(object, ['spec', 'revision'], report) || undefined;
  const revision = place(object, named === undefined ? ['metadata', 'name'] : ['spec', 'revision'], named ?? 'default');
  const list = itemsAt(object, ['spec', 'components', 'pilot', 'k8s', 'env'], report).flatMap((at) => {
    const name = textAt(object, [...at, 'name'], report);
    return name === undefined ? [] : [{ name, namePath: [...at, 'name'], valuePath: [...at, 'value'] }];
  });
  const meshConfig = meshConfigAt(object, ['spec', 'meshConfig'], report);
  return speak(spec, revision, over(own, meshConfig), list);
}

/** An IstioOperator without istiod deploys gateways, or parts of a node. */
function installsIstiod(object: ManifestObject): boolean {
  const { enabled } = mappingAt(object, ['spec', 'components', 'pilot'], alreadyReported) ?? {};
  const profile = textAt(object, ['spec', 'profile'], alreadyReported);
  const saysMore = mappingAt(object, ['spec', 'meshConfig'], alreadyReported) !== undefined;
  return enabled !== false && (enabled === true || profile !== 'empty' || saysMore);
}

/** The sail operator's `Istio` makes one revision of its own name, or one for each version; `IstioRevision` is one. */
export function readSailIstio(object: ManifestObject, report: Report): readonly Voice[] {
  const written = textAt(object, ['spec', 'version'], report);
  const version = said(object, ['spec', 'version'], releaseOf(written));
  const strategy = textAt(object, ['spec', 'updateStrategy', 'type'], alreadyReported);
  const suffix = `-${(written ?? '').replace(/[^a-z0-9]+/gi, '-')}`;
  const name = strategy === 'RevisionBased' && object.kind === 'Istio' ? object.name + suffix : object.name;
  const namespace = textAt(object, ['spec', 'namespace'], report) || undefined;
  const own = { version, rootNamespace: said(object, ['spec', 'namespace'], namespace) };
  const spec = { object, values: ['spec', 'values'], report };
  return speak(spec, place(object, ['metadata', 'name'], name), own, []);
}

/** `IstioCNI`, which is for the whole cluster. */
export function readSailCni(object: ManifestObject, report: Report): readonly Voice[] {
  const cni = ['spec', 'values', 'cni'];
  const captures = [...cni, 'ambient', 'enabled'];
  const facts = {
    excludeNamespaces: namesAt(object, [...cni, 'excludeNamespaces'], report),
    ambient: said(object, captures, booleanAt(object, captures, report)),
  };
  return [{ revision: undefined, facts, flags: new Map() }];
}

interface Values {
  readonly object: ManifestObject;
  readonly values: Path;
  readonly report: Report;
}

interface Variable {
  readonly name: string;
  readonly namePath: Path;
  readonly valuePath: Path;
}

/** What Helm values say beside that which an operator adds. */
function speak(
  { object, values, report }: Values,
  revision: Said<string>,
  own: Sayings,
  more: readonly Variable[],
): readonly Voice[] {
  const at = (...path: readonly string[]) => [...values, ...path];
  const text = (path: Path) => textAt(object, path, alreadyReported) || undefined;
  const domain = at('global', 'proxy', 'clusterDomain');
  const home = at('global', 'istioNamespace');
  const profile = [['spec', 'profile'], at('profile')].find((path) => text(path) === 'ambient');
  const defaults: Sayings = {
    version: said(object, at('global', 'tag'), releaseOf(text(at('global', 'tag')))),
    clusterDomain: said(object, domain, text(domain)),
    rootNamespace: said(object, home, text(home)),
    excludeNamespaces: namesAt(object, at('cni', 'excludeNamespaces'), report),
    ...(profile && { sidecarsListenHbone: said(object, profile, true), ambient: said(object, profile, true) }),
  };
  const captures = at('cni', 'ambient', 'enabled');
  const ofCni = { ambient: said(object, captures, booleanAt(object, captures, alreadyReported)) };
  const facts = over(over(over(own, ofCni), meshConfigAt(object, at('meshConfig'), report)), defaults);
  const env = at('pilot', 'env');
  const listed = Object.keys(mappingAt(object, env, report) ?? {}).map((name) => {
    const path = [...env, name];
    return { name, namePath: path, valuePath: path };
  });
  const flags = [...listed, ...more].flatMap((variable) => {
    const release = facts.version?.value;
    const flag = readFlag(
      variable.name,
      writtenAt(object, variable.valuePath),
      { object, ...variable, release },
      report,
    );
    return flag === undefined ? [] : [[variable.name, flag] as const];
  });
  const configs = [['spec', 'meshConfig'], at('meshConfig')];
  const open = [...configs.flatMap((path) => openMeshConfig(object, path, report)), ...openValues(object, values)];
  const traffic = configs.flatMap((path) => trafficDefaults(object, path));
  const lists = configs.flatMap((path) => recordersIn(object, path) ?? []);
  const recorders = configs.some((path) => recordersIn(object, path) !== undefined) ? lists : undefined;
  const ambient = facts.ambient ?? new Map(flags).get('PILOT_ENABLE_AMBIENT');
  return [{ revision, facts: { ...facts, ambient }, flags: new Map(flags), open, traffic, recorders }];
}

/** Helm writes what is no text as text. */
function writtenAt(object: ManifestObject, path: Path): string | undefined {
  const value = path.reduce<unknown>((at, key) => Object(at)[key], object.value);
  return value === undefined || value === null ? undefined : String(value);
}

function meshConfigAt(object: ManifestObject, path: Path, report: Report): Sayings {
  return mappingAt(object, path, report) === undefined ? {} : readMeshConfig(object, path, report);
}

function namesAt(object: ManifestObject, path: Path, report: Report): Said<readonly string[]> | undefined {
  const names = textsAt(object, path, report);
  return said(object, path, names.length === 0 ? undefined : names);
}
