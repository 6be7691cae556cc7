import type { JsonObject, JsonValue } from '../parse/document.js';

/**
 * Variables of a proxy's agent that change neither what the proxy takes nor as whom it speaks. Others name certificates, turn
 * HBONE on, or lead to another control plane.
 * Source: istio/istio pilot/cmd/pilot-agent/options/options.go and pkg/model/proxy.go.
 */
const harmlessVariables: ReadonlySet<string> = new Set([
  'BOOTSTRAP_XDS_AGENT',
  'DNS_FORWARD_PARALLEL',
  'DNS_FORWARD_TIMEOUT',
  'DNS_PROXY_ADDR',
  'ENVOY_SKIP_DEPRECATED_LOGS',
  'EXIT_ON_ZERO_ACTIVE_CONNECTIONS',
  'GODEBUG',
  'GOGC',
  'GOMAXPROCS',
  'GOMEMLIMIT',
  'ISTIO_DELTA_XDS',
  'ISTIO_META_DNS_AUTO_ALLOCATE',
  'ISTIO_META_DNS_CAPTURE',
  'ISTIO_META_ENABLE_DNS_SERVER',
  'ISTIO_META_HTTP10',
  'ISTIO_META_IDLE_TIMEOUT',
  'ISTIO_META_INBOUND_LISTENER_EXACT_BALANCE',
  'ISTIO_META_OUTBOUND_LISTENER_EXACT_BALANCE',
  'MINIMUM_DRAIN_DURATION',
  'OUTPUT_CERTS',
  'PROXY_CONFIG_XDS_AGENT',
  'SECRET_GRACE_PERIOD_RATIO',
  'SECRET_GRACE_PERIOD_RATIO_JITTER',
  'SECRET_TTL',
  'WASM_HTTP_REQUEST_MAX_RETRIES',
  'WASM_HTTP_REQUEST_TIMEOUT',
  'WASM_MODULE_EXPIRY',
  'WASM_PURGE_INTERVAL',
]);

/** Fields of a ProxyConfig that leave open which proxy stands there, or what it trusts. */
const openFields: ReadonlySet<string> = new Set([
  'binaryPath',
  'caCertificatesPem',
  'customConfigFile',
  'discoveryAddress',
  'proxyBootstrapTemplatePath',
  'runtimeValues',
]);

/** Whether variables of a proxy's agent leave open what the proxy does. */
export function areOpenVariables(variables: JsonObject): boolean {
  return Object.keys(variables).some((name) => !harmlessVariables.has(name));
}

/** The field of a ProxyConfig that leaves open what a proxy takes or does, as it is written, if one does. */
export function openFieldOf(config: JsonObject, modelled: ReadonlySet<string> = new Set()): string | undefined {
  return Object.keys(config).find((written) => {
    const name = written.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const value = config[written];
    if (name === 'interceptionMode') return typeof value === 'string' && value.toUpperCase() === 'NONE';
    if (name === 'proxyMetadata') return areOpenVariables(without(value, modelled));
    return openFields.has(name) && value !== null;
  });
}

function without(value: JsonValue | undefined, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(Object(value)).filter(([name]) => !names.has(name))) as JsonObject;
}
