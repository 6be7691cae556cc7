import type { Located } from '../../diagnostics/diagnostic.js';
import type { Cursor } from '../cursor.js';
import { readDisruption } from '../waypoints.js';
import { numberOf } from './leaves.js';
import type { GatewayDeployment, WantedText } from './listeners.js';

/** How Istio is to deploy a gateway. */
export function readGatewayDeployment(deployment: Cursor): GatewayDeployment {
  return {
    className: deployment.optional('class', (node) => node.text()),
    service: deployment.optional('service', ({ value }) => value as NonNullable<GatewayDeployment['service']>),
    replicas: deployment.optional('replicas', locatedNumber),
    maxReplicas: deployment.optional('maxReplicas', locatedNumber),
    disruption: deployment.optional('disruption', readDisruption),
    labels: deployment.optional('labels', (node) => node.fields().map(readText)) ?? [],
    annotations: deployment.optional('annotations', (node) => node.fields().map(readText)) ?? [],
    span: deployment.keySpan,
  };
}

function locatedNumber(node: Cursor): Located<number> {
  return { value: numberOf(node), span: node.span };
}

function readText(field: Cursor): WantedText {
  return { name: { value: field.key, span: field.keySpan }, value: String(field.value) };
}
