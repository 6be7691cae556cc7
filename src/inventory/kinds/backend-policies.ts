import { annotations, below, irrelevant, type Kind, modelled, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';

export const backendPolicies: readonly Kind[] = [
  {
    name: 'gateway.networking.k8s.io/BackendTLSPolicy',
    about: 'TLS from proxies to a Service',
    entries: [
      modelled(
        [...below('spec', 'targetRefs', 'validation'), ...annotations('istio.io/ignore-policy-attachment')],
        'mesh/paths/tls-settings.ts',
        'what sidecars, waypoints and gateways send to the ports of the Service that it names',
      ),
      irrelevant(['spec.options'], 'Istio reads none of them'),
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
