import type { CatalogueEntry } from '../entry.js';

/** How hosts outside the mesh are made known, and gateways that lead there. */
export const waysOut = {
  'ports-led-as-one': {
    code: 'AMB2180',
    severity: 'error',
    message:
      'ports {first} and {second} of host `{host}` come to one listener of gateway `{gateway}`, `{listener}`, where nobody can tell them apart',
    help: 'give the gateway a listener for each, best with the number of the port',
  },
  'gateway-metadata-owned': {
    code: 'AMB2181',
    severity: 'error',
    message: '{what} `{name}` of a gateway decides what its pods are, and is not for `deployment` to set',
    help: 'drop it: class, Service, revision and names follow from the other fields and the Mesh document',
  },
  'deployment-without-listeners': {
    code: 'AMB2182',
    severity: 'error',
    message: '`deployment` is of a gateway that Ambit writes, and these settings describe no listeners of `{gateway}`',
    help: 'write it beside the `listeners`, or change the manifest of the gateway',
  },
  'gateway-class-unknown': {
    code: 'AMB2183',
    severity: 'error',
    message: 'no manifest has a GatewayClass `{class}` that Istio deploys gateways for',
    help: 'give its manifest, with `controllerName: istio.io/gateway-controller`, or write `istio`',
  },
  'gateway-pods-contradict': {
    code: 'AMB2184',
    severity: 'error',
    message: '`{field}` cannot stand beside `replicas: {replicas}` of a gateway: {why}',
    help: 'write more replicas, or less of the other',
  },
} as const satisfies Record<string, CatalogueEntry>;
