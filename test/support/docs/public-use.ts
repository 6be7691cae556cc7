import { sharesTable, type Use } from './public-shares.js';

/** How many documents of each kind were counted, on 2026-11-28. */
export const counted: Readonly<Record<string, number>> = {
  VirtualService: 117,
  DestinationRule: 55,
  HTTPRoute: 73,
  ServiceEntry: 20,
  Sidecar: 24,
};

/** By the kind and what it is. */
export const publicUse: Readonly<Record<string, Use>> = {
  'VirtualService: bound to a gateway': { documents: [47], form: /^spec\.gateways\.\d+=(?!mesh)/ },
  'VirtualService: route to another host': {
    documents: [43],
    form: /^spec\.http\.\d+\.route\.\d+\.destination\.host=/,
  },
  'VirtualService: match by URI': { documents: [41], form: /^spec\.http\.\d+\.match\.\d+\.uri\./ },
  'VirtualService: subsets, weights': {
    documents: [60, 26],
    form: /^spec\.http\.\d+\.route\.\d+\.(?:weight|destination\.subset)=/,
  },
  'VirtualService: rewrite': { documents: [21], form: /^spec\.http\.\d+\.rewrite\.uri=/ },
  'VirtualService: match by header': { documents: [13], form: /^spec\.http\.\d+\.match\.\d+\.headers\./ },
  'VirtualService: fault': { documents: [11], form: /^spec\.http\.\d+\.fault\.(?:delay|abort)\./ },
  'VirtualService: headers added, set, removed': {
    documents: [9],
    form: /^spec\.http\.\d+\.headers\.(?:request|response)\./,
  },
  'VirtualService: TCP routes': { documents: [4], form: /^spec\.tcp\.\d+\.route\./ },
  'VirtualService: TLS routes': { documents: [2], form: /^spec\.tls\.\d+\.match\.\d+\.sniHosts\./ },
  'VirtualService: mirror': { documents: [2], form: /^spec\.http\.\d+\.mirrors\./ },
  'VirtualService: retries, timeout': { documents: [5, 4], form: /^spec\.http\.\d+\.(?:retries|timeout)/ },
  // Proxies of the mesh speak mutual TLS to each other by themselves.
  'DestinationRule: TLS ISTIO_MUTUAL': { documents: [27], form: /^spec\.host=/ },
  'DestinationRule: load balancer': { documents: [8], form: /^spec\.trafficPolicy\.loadBalancer\./ },
  'DestinationRule: port level settings': { documents: [6], form: /^spec\.trafficPolicy\.portLevelSettings\./ },
  'DestinationRule: outlier detection': { documents: [3], form: /^spec\.trafficPolicy\.outlierDetection\./ },
  'DestinationRule: connection pool': { documents: [3], form: /^spec\.trafficPolicy\.connectionPool\./ },
  'DestinationRule: TLS SIMPLE': { documents: [2], form: /^spec\.trafficPolicy\..*tls\.mode=SIMPLE/ },
  'HTTPRoute: parent is a Gateway': { documents: [63], form: /^spec\.parentRefs\.\d+\.kind=Gateway/ },
  'HTTPRoute: match by path': { documents: [36], form: /^spec\.rules\.\d+\.matches\.\d+\.path\./ },
  'HTTPRoute: redirect': { documents: [9], form: /^spec\.rules\.\d+\.filters\.\d+\.requestRedirect\./ },
  'HTTPRoute: rewrite': { documents: [5], form: /^spec\.rules\.\d+\.filters\.\d+\.urlRewrite\./ },
  'HTTPRoute: CORS': { documents: [5], form: /^spec\.rules\.\d+\.filters\.\d+\.cors\./ },
  'HTTPRoute: match by header, by method': {
    documents: [4, 4],
    form: /^spec\.rules\.\d+\.matches\.\d+\.(?:headers|method)/,
  },
  'HTTPRoute: header filter': {
    documents: [4],
    form: /^spec\.rules\.\d+\.filters\.\d+\.(?:request|response)HeaderModifier\./,
  },
  'ServiceEntry: egress hosts': { documents: [20], form: /^spec\.hosts\.\d+=/ },
  'Sidecar: egress scope': { documents: [24], form: /^spec\.egress\.\d+\.hosts\.\d+=/ },
};

/** The part of docs/traffic.md that tells how much of public documents can be said. */
export function publicUseTable(): string {
  return `## How much of public documents can be said

Counted over documents of public repositories on 2026-11-28. A use is one of the things that documents of a kind do (route to
another host, match by a header), once for each document, as far as the count tells them apart. A document can be said where all
of its uses can; as each use that cannot be said may stand in another document, the last column is the least that it can be.

${sharesTable(counted, publicUse)}
`;
}
