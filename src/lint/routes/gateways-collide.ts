import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asObject, asText } from '../../mesh/json.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { DeclaredListener } from '../../topology/listeners/declared.js';
import type { LintContext } from '../context.js';
import { type IstioGateway, istioGatewaysIn, sharePods } from './istio-gateways.js';
import { lawsOf } from './shown.js';

/** Servers of the same pods that cannot stand beside each other: the younger is left out, without a word (S-03). */
export function gatewaysCollide({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    const gateways = istioGatewaysIn(at);
    return gateways.flatMap((gateway, index) => {
      const earlier = gateways.slice(0, index).filter((other) => sharePods(gateway, other));
      return gateway.servers.flatMap((server, position) =>
        collision(server, [...earlier.flatMap(({ servers }) => servers), ...gateway.servers.slice(0, position)]),
      );
    });
  });
}

/** With the first of the servers that it cannot stand beside. */
function collision(server: DeclaredListener, others: readonly DeclaredListener[]): readonly Diagnostic[] {
  const rival = others.find((each) => whyApart(server, each) !== undefined);
  const why = rival && whyApart(server, rival);
  if (rival === undefined || why === undefined) return [];
  const { object, path, port } = server;
  const parameters = { gateway: describe(object), other: describe(rival.object), port, why };
  return [
    diagnostic('gateways-collide', parameters, spanIn(object, path), {
      notes: [
        { message: 'the other server is here', span: spanIn(rival.object, rival.path) },
        { message: 'the server of the older Gateway stays, and the other is left out (istio-traffic-topology S-03)' },
      ],
      ...shown(server),
    }),
  ];
}

function shown({ hosts, port }: DeclaredListener) {
  const host = hosts.find((each) => !each.host.startsWith('*'))?.host ?? 'any host';
  return {
    witness: `what is sent to port ${port} for ${host} is taken by the one, or by the other: manifests do not tell`,
  };
}

function whyApart(left: DeclaredListener, right: DeclaredListener): string | undefined {
  if (left.port !== right.port || bindOf(left) !== bindOf(right)) return undefined;
  const [one, other] = [left, right].map(familyOf);
  if (one !== other) return `the one is for ${one}, the other for ${other}`;
  if (one === 'plain connections') return 'nothing tells plain connections apart';
  if (one !== 'TLS') return undefined;
  const twice = left.hosts.find(({ host }) => right.hosts.some((each) => each.host === host));
  return twice && `both end TLS for \`${twice.host}\``;
}

function familyOf({ tls, reads }: DeclaredListener): string {
  return tls === undefined ? `plain ${reads}` : 'TLS';
}

function bindOf({ object, path }: DeclaredListener): string {
  const servers = asObject(object.value.spec)?.servers;
  const server = Array.isArray(servers) ? asObject(servers[Number(path.at(-1))]) : undefined;
  return asText(server?.bind) ?? '';
}

/** Two Gateways that show one certificate: a client that was let in for one host uses the connection for the other (S-03). */
export function certificatesShared({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    const gateways = istioGatewaysIn(at);
    return gateways.flatMap((gateway, index) =>
      gateways.slice(0, index).flatMap((other) => {
        if (!sharePods(gateway, other) && !isWithin(gateway, other)) return [];
        const own = credentialsOf(gateway);
        const shared = credentialsOf(other).find(({ name }) => own.some((each) => each.name === name));
        const server = own.find(({ name }) => name === shared?.name)?.server;
        if (shared === undefined || server === undefined) return [];
        const { object, path } = server;
        const parameters = { gateway: describe(object), other: describe(other.object), credential: shared.name };
        return diagnostic('certificate-shared', parameters, spanIn(object, [...path, 'tls', 'credentialName']), {
          ...lawsOf(
            'a connection of HTTP/2 is used for every host of its certificate, and answered 404 where its own server has no route (istio-traffic-topology S-03)',
          ),
        });
      }),
    );
  });
}

/** Whether all pods of one are selected by the other. */
function isWithin({ selector }: IstioGateway, other: IstioGateway): boolean {
  const [small, large] = [selector, other.selector].sort(
    (left, right) => Object.keys(left).length - Object.keys(right).length,
  );
  return Object.entries(small ?? {}).every(([key, value]) => large?.[key] === value);
}

function credentialsOf({ servers }: IstioGateway): ReadonlyArray<{ name: string; server: DeclaredListener }> {
  return servers.flatMap((server) => {
    const name = credentialNameOf(server);
    return name === '' || server.reads !== 'requests' ? [] : [{ name, server }];
  });
}

export function credentialNameOf({ object, path }: DeclaredListener): string {
  const servers = asObject(object.value.spec)?.servers;
  const server = Array.isArray(servers) ? asObject(servers[Number(path.at(-1))]) : undefined;
  return asText(asObject(server?.tls)?.credentialName) ?? '';
}
