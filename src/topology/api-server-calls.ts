import type { ManifestObject, Path } from '../parse/document.js';
import { sortBy } from '../util/order.js';
import { integerAt, itemsAt, type Report, textAt } from './fields.js';
import type { ApiServerCall } from './model.js';

/** Kubernetes' default for the port of all of them. */
const defaultPort = 443;

interface Named {
  readonly service: Path;
  readonly purpose: ApiServerCall['purpose'];
}

/** Where an object of a kind names the Services that the API server is to call. */
const namedBy: Readonly<Record<string, (object: ManifestObject, report: Report) => readonly Named[]>> = {
  MutatingWebhookConfiguration: admissionWebhooks,
  ValidatingWebhookConfiguration: admissionWebhooks,
  APIService: () => [{ service: ['spec', 'service'], purpose: 'aggregated API' }],
  CustomResourceDefinition: (object, report) =>
    textAt(object, ['spec', 'conversion', 'strategy'], report) === 'Webhook'
      ? [{ service: ['spec', 'conversion', 'webhook', 'clientConfig', 'service'], purpose: 'conversion webhook' }]
      : [],
};

export const kindsThatNameServices: readonly string[] = Object.keys(namedBy);

/** Every port of a Service that the API server calls, each once, sorted (istio-security §5.3). */
export function readApiServerCalls(objects: readonly ManifestObject[], report: Report): readonly ApiServerCall[] {
  const calls = objects.flatMap((object) =>
    (namedBy[object.kind]?.(object, report) ?? []).flatMap((named) => readCall(object, named, report)),
  );
  const sorted = sortBy(
    calls,
    ({ service }) => service,
    ({ port }) => port,
    ({ purpose }) => purpose,
  );
  return sorted.filter((call, index) => {
    const previous = sorted[index - 1];
    return call.service !== previous?.service || call.port !== previous.port || call.purpose !== previous.purpose;
  });
}

function admissionWebhooks(object: ManifestObject, report: Report): readonly Named[] {
  return itemsAt(object, ['webhooks'], report).map((webhook) => ({
    service: [...webhook, 'clientConfig', 'service'],
    purpose: 'admission webhook',
  }));
}

/** One that is called by its URL, or that the API server serves itself, names no Service. */
function readCall(object: ManifestObject, { service, purpose }: Named, report: Report): readonly ApiServerCall[] {
  const namespace = textAt(object, [...service, 'namespace'], report);
  const name = textAt(object, [...service, 'name'], report);
  if (namespace === undefined || name === undefined) return [];
  const port = integerAt(object, [...service, 'port'], report) ?? defaultPort;
  return [{ service: `${namespace}/${name}`, port, purpose, object, path: [...service, 'name'] }];
}
