const methods = ['GET', 'POST', 'PUT', 'DELETE'];
const paths = ['/v1/items', '/v1/items/*', '/v2/*', '/health', '/v1/charges'];

/**
 * Rules that a correct compiler can enforce on this mesh, whatever it chooses: an ambient service that matches on
 * requests is called by ambient workloads and by gateways that its waypoint label sends through the waypoint; sidecars
 * are called by sidecars and gateways, since nothing says that they listen for HBONE (istio-security §5.5).
 */
export function planRules(namespace, callers, gateway, random) {
  const allow = Array.from({ length: 2 + random.below(3) }, (_, index) => {
    const service = random.pick(namespace.services);
    return {
      name: `use-${service.name}-${index + 1}`,
      from: planCallers(service, callers, gateway, random),
      to: planTarget(service, random),
    };
  });
  const deny = random.chance(0.3) ? [planDeny(random.pick(namespace.services), callers, allow, random)] : [];
  return { allow, deny };
}

function planCallers(service, callers, gateway, random) {
  const pool = callersOf(service, callers);
  const isAtEdge = pool.length === 0 || (service.fromGateway && random.chance(0.5));
  if (isAtEdge) return [{ gateway: `${gateway.namespace}/${gateway.name}` }];
  const chosen = Array.from({ length: 1 + random.below(2) }, () => random.pick(pool));
  return [...new Set(chosen)].map((caller) =>
    random.chance(0.15) ? { serviceAccount: referenceTo(caller) } : { service: referenceTo(caller) },
  );
}

function callersOf({ plane, matchesRequests }, callers) {
  return plane === 'ambient' && !matchesRequests ? [...callers.ambient, ...callers.sidecar] : callers[plane];
}

function planTarget(service, random) {
  const target = { service: service.name, port: service.protocol };
  if (!service.matchesRequests) return target;
  const byMethod = random.chance(0.6);
  return {
    ...target,
    ...(byMethod && { methods: [random.pick(methods)] }),
    ...((!byMethod || random.chance(0.7)) && { paths: [random.pick(paths)] }),
  };
}

/** Denies a request on a service that matches on requests, and elsewhere a caller whom no rule allows. */
function planDeny(service, callers, allow, random) {
  const target = { service: service.name, port: service.protocol };
  if (service.matchesRequests)
    return { name: `never-${service.name}`, to: { ...target, methods: ['DELETE'], paths: ['/v1/ledger/*'] } };
  const allowed = new Set(allow.flatMap(({ from }) => from.flatMap(Object.values)));
  const strangers = callersOf(service, callers).filter((caller) => !allowed.has(referenceTo(caller)));
  const stranger = strangers.length > 0 ? random.pick(strangers) : service;
  return { name: `never-${service.name}`, from: [{ serviceAccount: referenceTo(stranger) }], to: target };
}

function referenceTo({ namespace, name }) {
  return `${namespace}/${name}`;
}
