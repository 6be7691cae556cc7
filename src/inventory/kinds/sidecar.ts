import { below, irrelevant, type Kind, modelled, said, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';

export const sidecar: Kind = {
  name: 'networking.istio.io/Sidecar',
  about: 'what the sidecars of some pods know and listen to',
  entries: [
    modelled(
      ['spec.workloadSelector', ...below('spec.egress', 'hosts', 'port')],
      ['mesh/paths/sidecar-resource.ts', 'mesh/paths/outbound.ts'],
      'which hosts a client knows, and what it passes on in plaintext (§2.9)',
    ),
    modelled(
      ['spec.outboundTrafficPolicy.mode'],
      'mesh/paths/outbound.ts',
      'whether it sends at all what it does not know (§2.9)',
    ),
    said(
      [...below('spec.egress', 'bind', 'captureMode'), 'spec.outboundTrafficPolicy.egressProxy'],
      ['AMB5353'],
      'what the callers concerned send to listeners of their own, or through an egress proxy',
    ),
    modelled(['spec.ingress.port'], 'mesh/paths/inbound-layer.ts', 'what a sidecar reads on a port (§2.9)'),
    said(
      below('spec.ingress', 'captureMode', 'tls'),
      ['AMB5353'],
      'what arrives at a listener that is addressed itself, or that ends TLS where a flag lets it',
    ),
    irrelevant(
      below('spec.ingress', 'bind', 'defaultEndpoint'),
      'to which port of its own application the proxy passes on what it let in',
    ),
    irrelevant(['spec.inboundConnectionPool', 'spec.ingress.connectionPool'], 'limits of connections'),
    ofOtherRevisions,
    status,
  ],
};
