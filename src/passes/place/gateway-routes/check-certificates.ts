import { mayNameAuthorities } from '../../../dataplanes/client-authorities.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { WantedListener } from '../../../parse/traffic/listeners.js';
import type { PlannedGateway } from '../../../resolve/planned-gateway.js';
import type { Cluster } from '../../../topology/model.js';
import { didYouMean, suggest } from '../../../util/suggest.js';
import { clusterOf } from '../../clusters.js';
import type { PlaceContext } from '../context.js';
import { homeOf, items } from '../routes/route-objects.js';

/** Whether the certificates of a Gateway are there, and may be read by it: who owns them gives leave (istio-traffic-topology T-25). */
export function checkCertificates(context: PlaceContext, planned: PlannedGateway): void {
  const cluster = clusterOf(context.ir.topology, planned.cluster);
  for (const { tls } of planned.listeners) checkAuthorities(context, cluster, tls);
  const told = new Set<string>();
  for (const listener of planned.listeners) {
    const written = listener.tls?.certificate;
    if (written === undefined || told.has(written.value)) continue;
    told.add(written.value);
    checkCertificate(context, { cluster, planned, listener, written });
  }
}

function checkAuthorities(context: PlaceContext, { settings }: Cluster, tls: WantedListener['tls']): void {
  const { caCertificates, certificate } = tls ?? {};
  if (caCertificates === undefined || mayNameAuthorities(settings)) return;
  const parameters = { version: settings.istio.version, secret: certificate?.value ?? '' };
  context.report(diagnostic('authorities-not-said', parameters, caCertificates.span));
}

interface Shown {
  readonly cluster: Cluster;
  readonly planned: PlannedGateway;
  readonly listener: WantedListener;
  readonly written: NonNullable<NonNullable<WantedListener['tls']>['certificate']>;
}

function checkCertificate(context: PlaceContext, { cluster, planned, listener, written }: Shown): void {
  const { namespace: home } = planned;
  const [name = '', namespace = home] = written.value.split('/').reverse();
  const secret = `${namespace}/${name}`;
  const known = cluster.secrets.filter((each) => homeOf(each) === namespace).map((each) => each.name);
  if (!known.includes(name)) {
    const parameters = { secret, listener: listener.name.value };
    const near = didYouMean(suggest(name, known));
    context.report(diagnostic('certificate-not-given', parameters, written.span, near));
  }
  if (namespace === home || isGranted(cluster, home, { namespace, name })) return;
  context.report(diagnostic('certificate-not-granted', { secret, namespace, home }, written.span));
}

function isGranted(
  { referenceGrants }: Cluster,
  home: string,
  secret: { readonly namespace: string; readonly name: string },
): boolean {
  return referenceGrants.some((grant) => {
    const { from, to } = Object(grant.value.spec);
    const isFromHome = items(from).some(({ kind, namespace }) => kind === 'Gateway' && namespace === home);
    const isToSecret = items(to).some(({ kind, name = secret.name }) => kind === 'Secret' && name === secret.name);
    return homeOf(grant) === secret.namespace && isFromHome && isToSecret;
  });
}
