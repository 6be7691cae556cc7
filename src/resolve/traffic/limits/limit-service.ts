import { diagnostic } from '../../../diagnostics/create.js';
import type { Located } from '../../../diagnostics/diagnostic.js';
import type { RateLimitService } from '../../../parse/mesh.js';
import type { Service, ServicePort, Topology } from '../../../topology/model.js';
import { milliseconds } from '../../../util/duration.js';
import type { ResolveContext } from '../../context.js';
import { nearNames } from '../../names.js';
import type { LimitService } from '../../resolved-traffic.js';

/** Binds the rate limit service that a limit names; every cluster in which it is asked has to have it. */
export function limitService(
  context: ResolveContext,
  { value, span }: Located<string>,
  clusters: readonly string[],
): LimitService | undefined {
  const { rateLimitServices } = context.topology.mesh;
  const declared = rateLimitServices.find(({ name }) => name === value);
  if (declared === undefined) {
    const known = rateLimitServices.map(({ name }) => name);
    context.report(diagnostic('unknown-rate-limit-service', { name: value }, span, nearNames(value, known)));
    return undefined;
  }
  const found = clusters.map((cluster) => ({ cluster, ...bind(context.topology, cluster, declared) }));
  for (const { cluster, fault } of found) {
    if (fault === undefined) continue;
    const parameters = { name: value, cluster, why: fault };
    context.report(diagnostic('rate-limit-service-unfit', parameters, span));
  }
  const bound = found.flatMap(({ service, port }) => (service && port ? [{ service, port }] : []))[0];
  return bound && serviceOf(declared, bound.service, bound.port);
}

interface Bound {
  readonly service?: Service;
  readonly port?: ServicePort;
  readonly fault?: string;
}

/** The protocols for which istiod tells proxies to speak HTTP/2, without which nobody speaks gRPC. */
const carriesCalls: ReadonlySet<string> = new Set(['grpc', 'grpc-web', 'http2']);

function bind({ clusters }: Topology, cluster: string, { service: name, port: wanted }: RateLimitService): Bound {
  const service = clusters.find((each) => each.name === cluster)?.services.get(name);
  if (service === undefined) return { fault: `there is no Service \`${name}\`` };
  const port = service.ports.find((each) => each.name === wanted || each.number === wanted);
  if (port === undefined) return { fault: `Service \`${name}\` has no port \`${wanted}\`` };
  if (!carriesCalls.has(port.protocol))
    return { fault: `port \`${wanted}\` of Service \`${name}\` is for ${port.protocol}, and carries no gRPC` };
  return { service, port };
}

function serviceOf(
  { name, domain, timeout, onFailure }: RateLimitService,
  { namespace, host }: Service,
  { number: port }: ServicePort,
): LimitService {
  return {
    name,
    namespace,
    host,
    port,
    domain,
    timeout: timeout === undefined ? undefined : milliseconds(timeout),
    refuses: onFailure === 'Refuse',
  };
}
