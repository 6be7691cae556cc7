import { below, irrelevant, type Kind, said, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';

export const backendPolicies: readonly Kind[] = [
  {
    name: 'gateway.networking.k8s.io/BackendTLSPolicy',
    about: 'TLS from proxies to a Service',
    entries: [
      said(
        below('spec', 'targetRefs', 'validation', 'options'),
        ['AMB5353'],
        'what sidecars and gateways send to the ports of the Service that it names',
      ),
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'gateway.networking.k8s.io/BackendLBPolicy',
    about: 'sessions at a Service',
    entries: [irrelevant(below('spec', 'sessionPersistence', 'targetRefs'), 'Istio does not read it'), status],
  },
];
