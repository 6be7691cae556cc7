import { below, irrelevant, type Kind, modelled, said, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';

const whole = 'spec.trafficPolicy';
const subset = 'spec.subsets.trafficPolicy';
const port = (owner: string) => `${owner}.portLevelSettings`;

const load = ['connectionPool', 'loadBalancer', 'outlierDetection'] as const;

export const destinationRule: Kind = {
  name: 'networking.istio.io/DestinationRule',
  about: 'how clients connect to a host',
  entries: [
    modelled(
      ['spec.host', 'spec.exportTo', `${port(whole)}.port`],
      'mesh/paths/tls-settings.ts',
      'which clients obey it, for which Services and ports (T-07)',
    ),
    modelled(
      [`${whole}.tls`, `${port(whole)}.tls`],
      'mesh/paths/client-proxy.ts',
      'what clients speak: mutual TLS, plaintext, or TLS of their own (§4.5)',
    ),
    said(
      [`${subset}.tls`, `${port(subset)}.port`, `${port(subset)}.tls`],
      ['AMB5353'],
      'callers of the host, where a route leads to a subset with TLS of its own',
    ),
    said(['spec.workloadSelector'], ['AMB5353'], 'callers of the namespace: for some of them it counts'),
    modelled(
      below('spec.subsets', 'name', 'labels'),
      ['mesh/paths/tls-settings.ts'],
      'to which pods and which TLS a route leads',
    ),
    said(
      [...below(whole, 'tunnel', 'proxyProtocol'), ...below(subset, 'tunnel', 'proxyProtocol')],
      ['AMB5353'],
      'callers of the host, whose bytes do not arrive as they were sent',
    ),
    irrelevant(
      [
        ...below(whole, ...load, 'retryBudget'),
        ...below(port(whole), ...load),
        ...below(subset, ...load, 'retryBudget'),
        ...below(port(subset), ...load),
      ],
      'which pod of the same Service answers, and how patient clients are',
    ),
    ofOtherRevisions,
    status,
  ],
};
