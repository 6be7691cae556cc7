import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import type { Workload } from '../../topology/model.js';
import { podPath } from '../../topology/pod-template.js';
import { asArray, asObject, asText } from '../json.js';

/** The user and the group that sidecars run as: what they send is not captured a second time (§2.8). */
const proxyUser = 1337;

const fields = ['runAsUser', 'runAsGroup'] as const;

/** Containers that injection adds, and that run as the proxy by right. */
const injected: ReadonlySet<string> = new Set(['istio-proxy', 'istio-init', 'istio-validation']);

/** Containers of an application that run as the proxy does, so that what they send leaves the pod as it is. */
interface Sender {
  /** Whether all do. */
  readonly all: boolean;
  /** `runAsUser: 1337` */
  readonly what: string;
  readonly path: Path;
}

export function senderAsProxy({ object, kind }: Workload): Sender | undefined {
  const spec: Path = [...podPath(kind), 'spec'];
  const pod = asObject(spec.reduce<JsonValue | undefined>((at, step) => asObject(at)?.[step as string], object.value));
  const settings = asArray(pod?.containers).flatMap((container, index) => {
    const { name, securityContext } = asObject(container) ?? {};
    if (injected.has(asText(name) ?? '')) return [];
    return [settingOf(asObject(securityContext) ?? {}, asObject(pod?.securityContext) ?? {}, ['containers', index])];
  });
  const first = settings.find((setting) => setting !== undefined);
  if (first === undefined) return undefined;
  const path = [...spec, ...first.owner, 'securityContext', first.field];
  return { all: settings.every((setting) => setting !== undefined), what: `${first.field}: ${proxyUser}`, path };
}

/** The setting by which a container runs as the proxy: its own, or else its pod's. */
function settingOf(own: JsonObject, ofPod: JsonObject, container: Path) {
  const field = fields.find((name) => (own[name] ?? ofPod[name]) === proxyUser);
  return field && { field, owner: own[field] === undefined ? [] : container };
}
