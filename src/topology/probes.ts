import type { ManifestObject, Path } from '../parse/document.js';
import { alreadyReported, integerAt, itemsAt, mappingAt, portAt, textAt } from './fields.js';
import { annotation } from './labels.js';
import type { Workload } from './model.js';
import { podPath } from './pod-template.js';

/** A request by which the kubelet asks a container whether it is well. */
export interface Probe {
  readonly field: (typeof fields)[number];
  readonly port: number;
  /** What a proxy sees of it; one over TLS is bytes. */
  readonly speaks: 'http' | 'grpc' | 'tls';
  readonly path: string;
  readonly place: Path;
}

const fields = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

/** How Go's `strconv.ParseBool` spells false; everything that it does not know leaves the injector's default. */
const spellingsOfFalse: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/**
 * The probes that reach a sidecar as the kubelet sends them, in plaintext: the injector leads all others to the proxy's own
 * port 15020, and ztunnel lets them pass (istio-security §5.3). A `tcpSocket` probe is none of them: the proxy accepts every
 * connection before it decides.
 */
export function plaintextProbes({ mode, annotations, object, kind }: Workload): readonly Probe[] {
  if (mode.plane !== 'sidecar') return [];
  if (!spellingsOfFalse.has(annotations[annotation.rewriteProbes] ?? '')) return [];
  return containersOf({ object, kind })
    .filter((container) => textAt(object, [...container, 'name'], alreadyReported) !== 'istio-proxy')
    .flatMap((container) => fields.flatMap((field) => readProbe(object, container, field)));
}

/** The first port at which the kubelet asks the containers of pods anything, over TCP alone as well. */
export function firstProbe({
  object,
  kind,
}: Pick<Workload, 'object' | 'kind'>): Pick<Probe, 'field' | 'port'> | undefined {
  const asked = containersOf({ object, kind }).flatMap((container) =>
    fields.flatMap((field): ReadonlyArray<Pick<Probe, 'field' | 'port'>> => {
      const socket = portAt(object, [...container, field, 'tcpSocket', 'port'], alreadyReported);
      const port = numberOf(object, container, socket);
      return [...readProbe(object, container, field), ...(port === undefined ? [] : [{ field, port }])];
    }),
  );
  return asked[0];
}

/** An init container has probes only where it is a sidecar itself, and is asked like the others. */
function containersOf({ object, kind }: Pick<Workload, 'object' | 'kind'>): readonly Path[] {
  return ['containers', 'initContainers'].flatMap((list) =>
    itemsAt(object, [...podPath(kind), 'spec', list], alreadyReported),
  );
}

function readProbe(object: ManifestObject, container: Path, field: Probe['field']): readonly Probe[] {
  const probe = [...container, field];
  return [...readHttp(object, container, probe), ...readGrpc(object, probe)].map((read) => ({ ...read, field }));
}

type Read = Omit<Probe, 'field'>;

function readHttp(object: ManifestObject, container: Path, probe: Path): readonly Read[] {
  const get = [...probe, 'httpGet'];
  const isElsewhere = textAt(object, [...get, 'host'], alreadyReported) !== undefined;
  const port = numberOf(object, container, portAt(object, [...get, 'port'], alreadyReported));
  if (isElsewhere || port === undefined) return [];
  const path = textAt(object, [...get, 'path'], alreadyReported) ?? '/';
  const speaks = textAt(object, [...get, 'scheme'], alreadyReported) === 'HTTPS' ? 'tls' : 'http';
  return [{ port, path, speaks, place: get }];
}

function readGrpc(object: ManifestObject, probe: Path): readonly Read[] {
  const grpc = [...probe, 'grpc'];
  if (mappingAt(object, grpc, alreadyReported) === undefined) return [];
  const port = integerAt(object, [...grpc, 'port'], alreadyReported);
  return port === undefined ? [] : [{ port, path: '/grpc.health.v1.Health/Check', speaks: 'grpc', place: grpc }];
}

/** A name is that of a port of the same container. */
function numberOf(object: ManifestObject, container: Path, port: number | string | undefined): number | undefined {
  if (typeof port !== 'string') return port;
  const own = itemsAt(object, [...container, 'ports'], alreadyReported).find(
    (each) => textAt(object, [...each, 'name'], alreadyReported) === port,
  );
  return own && integerAt(object, [...own, 'containerPort'], alreadyReported);
}
