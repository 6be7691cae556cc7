import { milliseconds } from '../util/duration.js';
import type { Cursor } from './cursor.js';
import type { JsonObject } from './document.js';
import type { AskedProvider, ExtensionProvider, ProviderService } from './mesh.js';

/** The fields that say of a provider what decides about no request. */
export const providerSettings = [
  'timeout',
  'pathPrefix',
  'includeRequestHeadersInCheck',
  'includeAdditionalHeadersInCheck',
  'includeRequestBodyInCheck',
  'headersToDownstreamOnDeny',
  'headersToDownstreamOnAllow',
] as const;

/** With Istio's own defaults. */
export function readProvider(provider: Cursor): ExtensionProvider {
  const headers = provider.optional('headersToUpstreamOnAllow', (list) =>
    list.items().map((item) => item.text().value),
  );
  const settings = settingsOf(provider);
  const asked = provider.optional('kind', (kind) =>
    askedProvider(provider, kind.text().value as AskedProvider['kind']),
  );
  return {
    name: provider.field('name').text().value,
    failOpen: provider.optional('failOpen', (node) => node.value === true) ?? false,
    statusOnError: Number(provider.optional('statusOnError', (node) => node.text().value) ?? '403'),
    ...(headers !== undefined && { headersToUpstreamOnAllow: headers }),
    ...(asked !== undefined && { asked }),
    ...(Object.keys(settings).length > 0 && { settings }),
    span: provider.field('name').span,
  };
}

function askedProvider(provider: Cursor, kind: AskedProvider['kind']): AskedProvider {
  const written = provider.field('service').text().value;
  return { kind, service: serviceNamed(written), port: provider.field('port').value as number };
}

/** The name of a Service has no dots, and the host of a ServiceEntry has some. */
function serviceNamed(written: string): ProviderService {
  const [, name = ''] = written.split('/');
  return name !== '' && !name.includes('.') ? { name: written } : { host: written };
}

function settingsOf(provider: Cursor): JsonObject {
  const written = provider.value as JsonObject;
  const found = providerSettings.flatMap((field) => {
    const value = written[field];
    return value === undefined ? [] : [[field, field === 'timeout' ? inSeconds(String(value)) : value] as const];
  });
  return Object.fromEntries(found);
}

/** As protobuf writes durations. */
function inSeconds(duration: string): string {
  return `${milliseconds(duration) / 1000}s`;
}
