import type { Manifest } from '../../emit/manifest.js';
import { type OutputFile, outputFiles } from '../../emit/output-files.js';
import { asArray, asLabels, asObject, asText } from '../../mesh/json.js';
import type { JsonObject } from '../../parse/document.js';
import { selects, type Workload } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { copyEnding } from '../status/copies.js';
import { type DecidingWaypoint, exempting } from './exempt-waypoints.js';

/** What was compiled for one resting state. */
export interface Output {
  readonly manifests: readonly Manifest[];
  /** The same as texts, each at the place of its manifest. */
  readonly files: readonly OutputFile[];
}

export function inPhases(output: Output, ...phases: readonly Manifest['phase'][]): readonly OutputFile[] {
  return output.files.filter((_, index) => phases.some((phase) => phase === output.manifests[index]?.phase));
}

/** Those of the second that the first has not, or not with the same text. */
export function newIn(before: readonly OutputFile[], after: readonly OutputFile[]): readonly OutputFile[] {
  const texts = new Map(before.map(({ path, text }) => [path, text]));
  return after.filter(({ path, text }) => texts.get(path) !== text);
}

/** Those of the first at whose place the second has nothing. */
export function goneFrom(before: readonly OutputFile[], after: readonly OutputFile[]): readonly OutputFile[] {
  const paths = new Set(after.map(({ path }) => path));
  return before.filter(({ path }) => !paths.has(path));
}

/** The second over the first, as applying it leaves them. */
export function over(before: readonly OutputFile[], after: readonly OutputFile[]): readonly OutputFile[] {
  return [...goneFrom(before, after), ...after];
}

/**
 * What the policies of the state before say, under names of their own: what allows adds up and so does what denies, so old
 * and new may stand side by side while pods of both planes run. Those that stay as they are, or go in the end, need no copy.
 */
export function copiesOf(before: Output, after: Output, waypoints: readonly DecidingWaypoint[]): readonly OutputFile[] {
  const gone = new Set(goneFrom(before.files, after.files));
  const changing = new Set(
    newIn(after.files, before.files)
      .filter((file) => !gone.has(file))
      .map(({ path }) => path),
  );
  const manifests = before.manifests.filter((manifest, index) => {
    const path = before.files[index]?.path;
    return adding.has(manifest.object.kind) && path !== undefined && changing.has(path);
  });
  return outputFiles(manifests.map((manifest) => asCopy(behind(manifest, waypoints))));
}

/** What of a file before stands until the end: its copy, or the file itself where nothing takes its place. */
export function standingFor(
  file: OutputFile,
  before: Output,
  after: Output,
  waypoints: readonly DecidingWaypoint[],
): readonly OutputFile[] {
  return [...goneFrom([file], after.files), ...copiesOf(partOf(before, [file]), after, waypoints)];
}

/** Policies for pods as they have to be while calls to these come through waypoints. */
export function behindWaypoints(
  { manifests, files }: Output,
  wanted: readonly OutputFile[],
  waypoints: readonly DecidingWaypoint[],
): readonly OutputFile[] {
  const paths = new Set(wanted.map(({ path }) => path));
  const meant = manifests.filter((_, index) => paths.has(files[index]?.path ?? ''));
  return outputFiles(meant.map((manifest) => behind(manifest, waypoints)));
}

function behind(manifest: Manifest, waypoints: readonly DecidingWaypoint[]): Manifest {
  const { cluster, object } = manifest;
  const deciding = waypoints.filter(
    (waypoint) => waypoint.cluster === cluster && waypoint.behind === object.metadata.namespace,
  );
  const exempted = exempting(object, deciding);
  return exempted === object ? manifest : { ...manifest, object: exempted };
}

/** The part of an output that some of its files are. */
export function partOf({ manifests, files }: Output, part: readonly OutputFile[]): Output {
  const parts = new Set(part);
  return {
    manifests: manifests.filter((_, index) => files[index] !== undefined && parts.has(files[index])),
    files: files.filter((file) => parts.has(file)),
  };
}

export interface DenyingGuards {
  /** Those that need not stand while there are pods of both planes: the policies that are meant for sidecars decide, also at ztunnel. */
  readonly forTheEnd: readonly OutputFile[];
  /** Those that have to stand while their pods are ambient: of what the policies for sidecars decide ztunnel does not know all. */
  readonly forAmbientPods: readonly PodPolicy[];
}

/** A policy, and the pods that it is for. */
export interface PodPolicy {
  readonly file: OutputFile;
  isFor(workload: Workload): boolean;
}

/** Guards of ambient pods that deny whoever comes past the waypoints, beside the policies of the same pods with sidecars. */
export function denyingGuards({ manifests, files }: Output, sidecars: Output): DenyingGuards {
  const unseen = new Set([...manifests, ...sidecars.manifests].filter(isUnseenByZtunnel).map(homeOf));
  const denying = files.flatMap((file, index) => {
    const manifest = manifests[index];
    if (manifest?.phase !== '40-guards' || actionOf(manifest) !== 'DENY') return [];
    return [{ file, isFor: selectionOf(manifest), isUnseen: unseen.has(homeOf(manifest)) }];
  });
  return {
    forTheEnd: denying.filter(({ isUnseen }) => !isUnseen).map(({ file }) => file),
    forAmbientPods: denying.filter(({ isUnseen }) => isUnseen),
  };
}

/**
 * What lets callers in at pods with sidecars, where other policies of these pods deny or ask what ztunnel knows nothing of: at
 * ambient pods it would let in whoever comes past the waypoints.
 */
export function allowingUnseen({ manifests, files }: Output, moving: readonly Workload[]): readonly PodPolicy[] {
  const deciding = manifests.filter(isUnseenByZtunnel).map(selectionOf);
  const decided = moving.filter((workload) => deciding.some((selects) => selects(workload)));
  return files.flatMap((file, index) => {
    const manifest = manifests[index];
    if (manifest === undefined || !isAllowing(manifest)) return [];
    const own = new Set(decided.filter(selectionOf(manifest)));
    return own.size === 0 ? [] : [{ file, isFor: (workload) => own.has(workload) }];
  });
}

function selectionOf({ cluster, object }: Manifest): (workload: Workload) => boolean {
  const matchLabels = asLabels(asObject(object.spec?.selector)?.matchLabels);
  return (workload) =>
    workload.cluster === cluster &&
    workload.namespace === object.metadata.namespace &&
    selects(matchLabels, workload.labels);
}

function homeOf({ cluster, object }: Manifest): string {
  return `${cluster}/${object.metadata.namespace}`;
}

function actionOf({ object }: Manifest): string | undefined {
  return object.kind === 'AuthorizationPolicy' ? asText(object.spec?.action) : undefined;
}

function isAllowing({ object }: Manifest): boolean {
  const { action, rules, targetRefs } = object.spec ?? {};
  const isOfPods = object.kind === 'AuthorizationPolicy' && targetRefs === undefined;
  return isOfPods && (action === undefined || action === 'ALLOW') && asArray(rules).length > 0;
}

/** What an external authorizer is asked; and denials by headers and tokens, which deny nobody there (§2.3). */
function isUnseenByZtunnel(manifest: Manifest): boolean {
  const action = actionOf(manifest);
  if (action !== 'DENY') return action === 'CUSTOM';
  return asArray(manifest.object.spec?.rules).some((rule) => {
    const { from, when } = asObject(rule) ?? {};
    const keys = asArray(when).map((condition) => asText(asObject(condition)?.key) ?? '');
    const sources = asArray(from).map((each) => asObject(asObject(each)?.source) ?? {});
    return keys.some((key) => key.startsWith('request.')) || sources.some(isOfTokensAlone);
  });
}

function isOfTokensAlone(source: JsonObject): boolean {
  return Object.keys(source).every((field) => field === 'requestPrincipals' || field === 'notRequestPrincipals');
}

const adding: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'RequestAuthentication', 'NetworkPolicy']);

const asCopy = oncePerObject((manifest: Manifest): Manifest => {
  const { object, header } = manifest;
  const name = `${object.metadata.name}${copyEnding}`;
  return {
    ...manifest,
    object: { ...object, metadata: { ...object.metadata, name } },
    header: ['a copy for the pods that have not moved yet', ...header],
  };
});

const routing: ReadonlySet<string> = new Set([
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
]);

/** Both planes read the routes that are there already, so new ones can wait until all pods have moved. */
export function routesIn({ manifests, files }: Output): readonly OutputFile[] {
  return files.filter((_, index) => routing.has(manifests[index]?.object.kind ?? ''));
}

/** Whether it is for waypoints and gateways alone: it does nothing anywhere else, and nothing before these are there (§3.1). */
export function isForGateways({ text }: OutputFile): boolean {
  return /^ {2}targetRefs:$/m.test(text);
}

/** A waypoint as it is before its pods are: its Gateway has no address yet (W-30). */
export function notYetReady(file: OutputFile): OutputFile {
  return /^kind: Gateway$/m.test(file.text) ? { ...file, text: `${file.text}status:\n  addresses: []\n` } : file;
}
