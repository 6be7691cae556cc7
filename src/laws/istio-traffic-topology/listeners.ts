import { everyVersion, istio, type Law, read } from '../law.js';

const collection = 'pilot/pkg/config/kube/gateway/gateway_collection.go';

/** Which listeners istiod makes of what Gateway API declares. */
export const declaredListeners: readonly Law[] = [
  {
    id: 'T-56',
    title: 'ListenerSets',
    statements: [
      'From Istio 1.30 on a ListenerSet adds listeners to the Gateway that it names, if the Gateway’s `allowedListeners` takes sets from its namespace; without a word it takes none.',
      'Before, the experimental XListenerSet does so with PILOT_ENABLE_ALPHA_GATEWAY_API.',
    ],
    versions: everyVersion,
    sources: [istio(collection, 'ListenerSetCollection')],
    confirmed: [read],
  },
];
