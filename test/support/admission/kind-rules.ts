import type { JsonObject } from '../../../src/parse/document.js';
import { checkConfigMap, checkDisruptionBudget, checkService } from './core-rules.js';
import { objectAt } from './json.js';
import { checkAuthorizationPolicy } from './webhook/authorization-policy.js';
import { checkDestinationRule } from './webhook/destination-rule.js';
import { checkPeerAuthentication } from './webhook/peer-authentication.js';
import { checkRequestAuthentication } from './webhook/request-authentication.js';
import { checkVirtualService } from './webhook/virtual-service.js';
import { checkWaypoint } from './webhook/waypoint.js';

type Check = (object: JsonObject) => readonly string[];

const checks: Readonly<Record<string, Check>> = {
  '/Service': checkService,
  '/ConfigMap': checkConfigMap,
  'policy/PodDisruptionBudget': checkDisruptionBudget,
  'gateway.networking.k8s.io/Gateway': checkWaypoint,
  'networking.istio.io/DestinationRule': ofSpec(checkDestinationRule),
  'networking.istio.io/VirtualService': ofSpec(checkVirtualService),
  'security.istio.io/AuthorizationPolicy': ofSpec(checkAuthorizationPolicy),
  'security.istio.io/PeerAuthentication': ofSpec(checkPeerAuthentication),
  'security.istio.io/RequestAuthentication': ofSpec(checkRequestAuthentication),
};

/** An object keeps the rules of its kind that no schema carries: core validation, or Istio's webhook. */
export function checkKind(object: JsonObject): readonly string[] {
  const apiVersion = String(object.apiVersion);
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return checks[`${group}/${object.kind}`]?.(object) ?? [];
}

function ofSpec(check: Check): Check {
  return (object) => check(objectAt(object, 'spec'));
}
