import { everyVersion, type Law, read, type Source } from '../law.js';

function argoRollouts(path: string, ...symbols: readonly string[]): Source {
  return { repository: 'argoproj/argo-rollouts', path, symbols };
}

function gatewayApiPlugin(path: string, ...symbols: readonly string[]): Source {
  return { repository: 'argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi', path, symbols };
}

function flagger(path: string, ...symbols: readonly string[]): Source {
  return { repository: 'fluxcd/flagger', path, symbols };
}

/** What rollout controllers make of routes while a mesh runs. */
export const rollouts: readonly Law[] = [
  {
    id: 'F-50',
    title: 'What Argo Rollouts changes of a VirtualService and a DestinationRule',
    statements: [
      'A Rollout names a VirtualService and its rules by their names, of which it may leave out the name of an only one. In these it sets the weights of two places, which are two Services or two subsets of the DestinationRule that it names.',
      'It takes every other place out of such a rule, and every other subset out of the DestinationRule.',
      'It adds the label `rollouts-pod-template-hash` to the labels of both subsets, or to the selectors of both Services: until then both may select the same pods.',
      'What is applied anew from Git is set back at once; in between the weights are those of Git.',
    ],
    versions: everyVersion,
    sources: [
      argoRollouts(
        'rollout/trafficrouting/istio/istio.go',
        'processRoutes',
        'getHttpRouteIndexesToPatch',
        'UpdateHash',
      ),
      argoRollouts('docs/features/traffic-management/istio.md'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-51',
    title: 'What Argo Rollouts changes of a route of Gateway API',
    statements: [
      'Its plugin sets the weights of the backends that are called like `stableService` and `canaryService`, in every rule that has several.',
      'Where it may add rules for requests with a header, it takes rules whose only backend is the canary for its own, and takes them out in the end. It may with `httpRoute: name`, and with `useHeaderRoutes` in `httpRoutes`.',
    ],
    versions: everyVersion,
    sources: [
      gatewayApiPlugin('pkg/plugin/httproute.go', 'setHTTPRouteWeight', 'removeHTTPManagedRoutes', 'isHTTPManagedRule'),
      gatewayApiPlugin('pkg/plugin/plugin.go', 'RemoveManagedRoutes'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-52',
    title: 'What Flagger writes',
    statements: [
      'For a Canary with Istio or Gateway API as provider it writes the whole VirtualService or HTTPRoute of the name of its Service, DestinationRules for `<service>-primary` and `<service>-canary`, and these Services; whatever else stands there is set back.',
      'What it sends to `<service>-primary` ends at pods that it copies from the Deployment, with another value of the label by which Services select them.',
    ],
    versions: everyVersion,
    sources: [
      flagger('pkg/router/istio.go', 'reconcileVirtualService', 'reconcileDestinationRule'),
      flagger('pkg/router/gateway_api.go', 'Reconcile'),
      flagger('pkg/canary/deployment_controller.go', 'createPrimaryDeployment'),
    ],
    confirmed: [read],
  },
];
