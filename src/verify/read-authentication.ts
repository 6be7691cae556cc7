import { diagnostic } from '../diagnostics/create.js';
import type { Result } from '../diagnostics/diagnostic.js';
import { type JsonValue, type ManifestObject, spanIn } from '../parse/document.js';
import { sortBy } from '../util/order.js';
import { asArray, asLabels, asObject, asText, asTexts } from './json.js';
import type { PeerAuthentication, PeerMode, RequestAuthentication, TokenRule } from './policy.js';
import { readScope } from './read-authorization.js';

/** What a manifest's PeerAuthentication says (§5.1). */
export function readPeerAuthentication(object: ManifestObject): Result<PeerAuthentication> {
  const spec = asObject(object.value.spec) ?? {};
  const selector = asObject(spec.selector);
  const ports = Object.entries(asObject(spec.portLevelMtls) ?? {}).map(([port, mode]) => ({
    port: Number(port),
    mode: readMode(mode),
  }));
  const value: PeerAuthentication = {
    kind: 'PeerAuthentication',
    namespace: object.namespace ?? 'default',
    name: object.name,
    matchLabels: selector === undefined ? undefined : asLabels(selector.matchLabels),
    mode: readMode(spec.mtls),
    ports: sortBy(ports, ({ port }) => port),
    created: asText(asObject(object.value.metadata)?.creationTimestamp) ?? '',
    object,
  };
  return { value, diagnostics: checkPeerAuthentication(value) };
}

function readMode(mtls: JsonValue | undefined): PeerMode {
  const mode = asText(asObject(mtls)?.mode);
  return mode === 'DISABLE' || mode === 'PERMISSIVE' || mode === 'STRICT' ? mode : 'UNSET';
}

/** The webhook wants a selector beside `portLevelMtls` (§1.7). */
function checkPeerAuthentication({ namespace, name, matchLabels, ports, object }: PeerAuthentication) {
  if (ports.length === 0 || (matchLabels !== undefined && Object.keys(matchLabels).length > 0)) return [];
  const why = '`portLevelMtls` needs a selector';
  const policy = `PeerAuthentication ${namespace}/${name}`;
  return [diagnostic('policy-not-accepted', { policy, why }, spanIn(object, ['spec', 'portLevelMtls'], 'key'))];
}

/** What a manifest's RequestAuthentication says (§6.1). */
export function readRequestAuthentication(object: ManifestObject): Result<RequestAuthentication> {
  const spec = asObject(object.value.spec) ?? {};
  const value: RequestAuthentication = {
    kind: 'RequestAuthentication',
    namespace: object.namespace ?? 'default',
    name: object.name,
    scope: readScope(spec),
    rules: asArray(spec.jwtRules).map(readTokenRule),
    object,
  };
  return { value, diagnostics: [] };
}

function readTokenRule(rule: JsonValue): TokenRule {
  const fields = asObject(rule) ?? {};
  return {
    issuer: asText(fields.issuer) ?? '',
    audiences: asTexts(fields.audiences),
    forwards: fields.forwardOriginalToken === true,
    defaultLocation: !['fromHeaders', 'fromParams', 'fromCookies'].some((field) => fields[field] !== undefined),
  };
}
