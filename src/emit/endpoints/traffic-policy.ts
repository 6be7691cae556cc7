import type { PlacedEndpoints, PortSettings } from '../../ir/placed-traffic.js';
import type { JsonObject } from '../../parse/document.js';
import type { BackendTls, Outliers } from '../../parse/traffic/endpoints.js';
import { connectionPool } from './connection-pool.js';
import { defined } from './defined.js';
import { loadBalancer } from './load-balancer.js';
import { outlierValues } from './sensitivity.js';

/** Settings in the fields of a DestinationRule. */
export function trafficPolicy({ whole, ports }: PlacedEndpoints): JsonObject {
  return {
    ...policyOf(whole),
    ...retryBudget(whole),
    ...(ports.length > 0 && {
      portLevelSettings: ports.map((each) => ({ port: { number: each.port }, ...policyOf(each) })),
    }),
  };
}

function policyOf({ settings, carries }: PortSettings): JsonObject {
  const { connections, outliers, tls } = settings;
  const balancer = loadBalancer(settings);
  const pool = connections && connectionPool(connections, carries);
  return {
    ...(balancer && { loadBalancer: balancer }),
    ...(pool && Object.keys(pool).length > 0 && { connectionPool: pool }),
    ...(outliers && { outlierDetection: outlierDetection(outliers) }),
    ...(tls && { tls: clientTls(tls) }),
  };
}

/** Settings of a port have none (istio-traffic-topology F-24). */
function retryBudget({ settings: { connections } }: PortSettings): JsonObject {
  const budget = connections?.retryBudget?.value;
  if (budget === undefined) return {};
  return { retryBudget: defined({ percent: budget.percent, minRetryConcurrency: budget.minConcurrent }) };
}

function outlierDetection(outliers: Outliers): JsonObject {
  const values = outlierValues(outliers);
  const local = values.consecutiveLocalFailures;
  return defined({
    consecutive5xxErrors: values.consecutive5xx,
    consecutiveGatewayErrors: values.consecutiveGatewayErrors,
    splitExternalLocalOriginErrors: local === undefined ? undefined : true,
    consecutiveLocalOriginFailures: local,
    interval: values.interval,
    baseEjectionTime: values.ejectFor,
    maxEjectionPercent: values.maxEjectedPercent,
    minHealthPercent: values.minHealthPercent,
  });
}

function clientTls(tls: BackendTls): JsonObject {
  return defined({
    mode: tls.mode === 'Simple' ? 'SIMPLE' : 'MUTUAL',
    credentialName: tls.credential,
    clientCertificate: tls.clientCertificate,
    privateKey: tls.privateKey,
    caCertificates: tls.caCertificates,
    sni: tls.serverName,
    subjectAltNames: tls.subjectAltNames,
    insecureSkipVerify: tls.insecureSkipVerify,
  });
}
