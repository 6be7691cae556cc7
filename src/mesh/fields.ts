import type { Attribute } from './view.js';

/** The fields of `source`, under the attribute that they test (§1.3). Each has a `notX` twin. */
export const sourceFields: Readonly<Record<string, Attribute>> = {
  principals: 'source.principal',
  requestPrincipals: 'request.auth.principal',
  namespaces: 'source.namespace',
  serviceAccounts: 'source.serviceAccount',
  trustDomains: 'source.trustDomain',
  ipBlocks: 'source.ip',
  remoteIpBlocks: 'remote.ip',
};

/** The fields of `operation`, likewise (§1.4). */
export const operationFields: Readonly<Record<string, Attribute>> = {
  hosts: 'request.host',
  ports: 'destination.port',
  methods: 'request.method',
  paths: 'request.path',
};

const conditionKeys: ReadonlySet<string> = new Set<Attribute>([
  'source.ip',
  'remote.ip',
  'source.namespace',
  'source.serviceAccount',
  'source.trustDomain',
  'source.principal',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'destination.ip',
  'destination.port',
  'connection.sni',
]);

/** The `when` keys that validation accepts (§1.6). */
export function isConditionKey(key: string): key is Attribute {
  return (
    conditionKeys.has(key) ||
    /^request\.headers\[.+\]$/.test(key) ||
    /^request\.auth\.claims(\[[^[\]]+\])+$/.test(key) ||
    /^experimental\.envoy\.filters\..+\[.+\]$/.test(key)
  );
}

/** Attributes that only an HTTP chain can see: on a TCP chain their matchers do not exist (§2.1, §2.5). */
export function isHttpAttribute(attribute: Attribute): boolean {
  return attribute.startsWith('request.');
}

/** What a certificate says of a caller. */
export function isIdentityAttribute(attribute: Attribute): boolean {
  return attribute.startsWith('source.') && attribute !== 'source.ip';
}

/** What a token says, once it is validated. */
export function isTokenAttribute(attribute: Attribute): boolean {
  return attribute.startsWith('request.auth.');
}

/** How `field: notField` is spelled. */
export function negated(field: string): string {
  return `not${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}
