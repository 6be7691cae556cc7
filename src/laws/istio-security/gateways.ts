import { everyVersion, issue, istio, type Law, read, run } from '../law.js';

const listeners = 'pilot/pkg/networking/core/gateway.go';
const merging = 'pilot/pkg/model/gateway.go';
const conversion = 'pilot/pkg/config/kube/gateway/conversion.go';

/** What a gateway reads, on which port, and as whom it sees a caller. */
export const gateways: readonly Law[] = [
  {
    id: '§2.10',
    title: 'Listeners of gateways',
    statements: [
      'What a gateway reads is a matter of the listener, not of the bytes that come: HTTP, and HTTPS that is ended there, give requests; TCP, TLS and HTTPS that is passed through give connections, where policies are read as §2.5 says.',
      'A listener for requests sends requests on and no other bytes, but for what both ends like within a connection that a request has upgraded. Bytes go where rules for connections lead, which bind to listeners for connections alone.',
      'A port without a listener is closed. A listener for connections is there only once a route binds to it; one for requests answers 404 to what no route takes.',
      'Policies compare the port of the pods. A server of Istio’s own Gateway names the port of a Service in front, which leads to that of the pods, or else the pods’ own. A Gateway on pods that others deploy has the ports of its Service and no others; for one that istiod deploys both are the same.',
      'With ISTIO_MUTUAL the caller shows its certificate of the mesh. With SIMPLE and without TLS it shows none; with PASSTHROUGH whatever it shows is for the server behind. With MUTUAL and OPTIONAL_MUTUAL it shows a certificate of some other authority, which may say anything.',
      'With AUTO_PASSTHROUGH no policy is applied at all: the server name leads to a service of the mesh, and only mutual TLS gets there.',
      'Servers of one port of the pods are merged where all carry plain requests or all carry TLS; of others the older one counts, and releases differ in what they do.',
      'Ports 15020, 15021 and 15090 are answered beside all policies.',
    ],
    versions: everyVersion,
    sources: [
      istio(
        listeners,
        'buildGatewayTCPBasedFilterChains',
        'createGatewayTCPFilterChainOpts',
        'builtAutoPassthroughFilterChains',
      ),
      istio(merging, 'mergeGateways', 'resolvePorts'),
      istio('pilot/pkg/networking/core/listener.go', 'BuildListenerTLSContext'),
      istio(conversion, 'buildTLS', 'extractGatewayServices'),
      issue(28524),
      issue(29119),
    ],
    confirmed: [read, run('what becomes of policies on the TCP chains, and the port that is compared')],
  },
];
