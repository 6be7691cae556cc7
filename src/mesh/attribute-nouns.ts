import type { Attribute } from './view.js';

const nouns: Readonly<Record<string, string>> = {
  'source.principal': 'principal',
  'source.namespace': 'namespace',
  'source.serviceAccount': 'service account',
  'source.trustDomain': 'trust domain',
  'source.ip': 'source address',
  'remote.ip': 'remote address',
  'destination.ip': 'destination address',
  'destination.port': 'port',
  'connection.sni': 'SNI',
  'request.host': 'host',
  'request.method': 'method',
  'request.path': 'path',
  'request.auth.principal': 'token principal',
  'request.auth.place': 'place of the token',
  'request.auth.audiences': 'audience',
  'request.auth.presenter': 'presenter',
};

/** What a person calls an attribute: `port`, ``header `x-user` ``, ``claim `groups` ``. */
export function nounOf(attribute: Attribute): string {
  const [, kind, name] = /^request\.(headers|auth\.claims)\[(.+)\]$/.exec(attribute) ?? [];
  if (name !== undefined) return `${kind === 'headers' ? 'header' : 'claim'} \`${name.replaceAll('][', '.')}\``;
  return nouns[attribute] ?? `\`${attribute}\``;
}
