import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asLabels, asObject, asText } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { describe, namespaceOf } from '../../topology/fields.js';
import { suggest } from '../../util/suggest.js';
import type { LintContext } from '../context.js';
import { credentialNameOf } from './gateways-collide.js';
import { isOfProfile, istioGatewaysIn } from './istio-gateways.js';
import { lawsOf } from './shown.js';

/** A certificate that a gateway is told to show. */
interface Reference {
  readonly object: ManifestObject;
  readonly place: Path;
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
}

/** Certificates of gateways that are not there, or are none: the handshake fails, and no status says why (S-04). */
export function credentials({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    [...ofServers(at), ...ofListeners(at)].flatMap((reference) => {
      const why = faultOf(at, reference);
      if (why === undefined) return [];
      const { object, place, name, namespace, host } = reference;
      const [near] = suggest(
        name,
        secretsIn(at, namespace).map((secret) => secret.name),
      );
      const parameters = { gateway: describe(object), secret: `${namespace}/${name}`, why };
      return diagnostic('credential-unusable', parameters, spanIn(object, place), {
        witness: `a client that asks for ${host} by TLS is shown no certificate: the connection is closed`,
        ...lawsOf('a gateway reads certificates of the namespace that its pods are in (istio-traffic-topology S-04)'),
        ...(near !== undefined && why.startsWith('there is no') && { help: `did you mean \`${near}\`?` }),
      });
    }),
  );
}

function ofServers(at: MeshCluster): readonly Reference[] {
  return istioGatewaysIn(at).flatMap((gateway) => {
    const namespaces = gateway.pods.map(({ namespace }) => namespace);
    const [namespace = isOfProfile(gateway) ? at.rootNamespace : undefined] = namespaces;
    if (namespace === undefined) return [];
    return gateway.servers.flatMap((server) => {
      const name = credentialNameOf(server);
      if (name === '' || name.includes('/')) return [];
      const place = [...server.path, 'tls', 'credentialName'];
      return [{ object: server.object, place, namespace, name, host: server.hosts[0]?.host ?? '*' }];
    });
  });
}

/** Those of the Gateway API can be of other namespaces, where a ReferenceGrant lets them. */
function ofListeners({ cluster }: MeshCluster): readonly Reference[] {
  return [...cluster.gateways.values()]
    .filter(({ kind }) => kind === 'gateway-api')
    .flatMap(({ object }) =>
      asArray(asObject(object.value.spec)?.listeners).flatMap((listener, index) => {
        const { tls, hostname } = asObject(listener) ?? {};
        return asArray(asObject(tls)?.certificateRefs).flatMap((reference, position) => {
          const { kind = 'Secret', group = '', name, namespace } = asObject(reference) ?? {};
          if (kind !== 'Secret' || group !== '') return [];
          const place = ['spec', 'listeners', index, 'tls', 'certificateRefs', position, 'name'];
          const home = asText(namespace) ?? namespaceOf(object);
          return [{ object, place, namespace: home, name: asText(name) ?? '', host: asText(hostname) ?? 'any host' }];
        });
      }),
    );
}

function secretsIn({ cluster }: MeshCluster, namespace: string): readonly ManifestObject[] {
  return cluster.secrets.filter((secret) => namespaceOf(secret) === namespace);
}

/** Secrets are seldom kept with other manifests: where a namespace has none of them, nothing is known. */
function faultOf(at: MeshCluster, { namespace, name }: Reference): string | undefined {
  const known = secretsIn(at, namespace);
  if (known.length === 0) return undefined;
  const secret = known.find((each) => each.name === name);
  return secret === undefined
    ? `there is no Secret of that name in namespace \`${namespace}\``
    : faultOfContent(secret);
}

const pairs = [
  ['tls.crt', 'tls.key'],
  ['cert', 'key'],
] as const;

/** What is in it is looked at, and not shown. */
function faultOfContent({ value }: ManifestObject): string | undefined {
  const decoded = Object.entries(asLabels(value.data)).map(([key, text]) => [key, decode(text)] as const);
  const content = { ...Object.fromEntries(decoded), ...asLabels(value.stringData) };
  const pair = pairs.find((each) => each.every((key) => content[key] !== undefined));
  if (pair === undefined) return 'it has neither `tls.crt` and `tls.key` nor `cert` and `key`';
  const certificate = content[pair[0]] ?? '';
  return /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(certificate)
    ? undefined
    : `its \`${pair[0]}\` holds no certificate`;
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
