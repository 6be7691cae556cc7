import type { JsonObject, JsonValue, ManifestObject, Path } from '../parse/document.js';
import type { AskedProvider, ExtensionProvider } from '../parse/mesh.js';
import { providerSettings } from '../parse/parse-extension-provider.js';
import { booleanAt, mappingAt, portAt, type Report, textAt, textsAt } from '../topology/fields.js';
import { isWritten, pathIn } from './mesh-config-path.js';

/** An external authorizer, with Istio's own defaults; extension providers for metrics, logs and traces decide nothing. */
export function readProvider(object: ManifestObject, path: Path, report: Report): ExtensionProvider | undefined {
  const name = textAt(object, [...path, 'name'], report);
  const http = pathIn(object, path, ['envoyExtAuthzHttp']);
  const grpc = pathIn(object, path, ['envoyExtAuthzGrpc']);
  const base = [http, grpc].find((each) => isWritten(object, each));
  if (name === undefined || base === undefined) return undefined;
  const field = (key: string) => pathIn(object, base, [key]);
  const kind = base === grpc ? 'grpc' : 'http';
  const asked = askedAt(object, base, kind, report);
  const settings = settingsAt(object, base, report);
  return {
    name,
    failOpen: booleanAt(object, field('failOpen'), report) ?? false,
    statusOnError: Number(textAt(object, field('statusOnError'), report) ?? '403'),
    // What speaks gRPC may write any header.
    ...(kind === 'http' && { headersToUpstreamOnAllow: textsAt(object, field('headersToUpstreamOnAllow'), report) }),
    ...(asked && { asked }),
    settings,
  };
}

function askedAt(
  object: ManifestObject,
  base: Path,
  kind: AskedProvider['kind'],
  report: Report,
): AskedProvider | undefined {
  const host = textAt(object, pathIn(object, base, ['service']), report);
  const port = Number(portAt(object, pathIn(object, base, ['port']), report));
  return host === undefined || !Number.isInteger(port) ? undefined : { kind, service: { host }, port };
}

function settingsAt(object: ManifestObject, base: Path, report: Report): JsonObject {
  const written = withUsualNames(mappingAt(object, base, report) ?? {});
  return Object.fromEntries(
    providerSettings.flatMap((field) => {
      const value = written[field];
      return value === undefined || value === null ? [] : [[field, canonical(field, value)] as const];
    }),
  );
}

function canonical(field: (typeof providerSettings)[number], value: JsonValue): JsonValue {
  if (field === 'timeout')
    return String(value)
      .replace(/(\.\d*?)0*s$/, '$1s')
      .replace(/\.s$/, 's');
  // Names of headers are keys there.
  return field === 'includeRequestBodyInCheck' ? withUsualNames(Object(value)) : value;
}

function withUsualNames(mapping: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(mapping).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
