import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import type { Condition } from '../../../parse/ast.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { keyOf } from '../../../topology/model.js';
import { mtlsAtPods } from '../at-pods/pod-mtls.js';
import type { PlaceContext } from '../context.js';
import type { Bypass } from './blind-spots.js';

const gaps = {
  sidecarCallers: 'sidecar-callers',
  gatewayCallers: 'gateway-callers',
  outsideCallers: 'outside-callers',
} as const;

const laws = {
  sidecarCallers: 'sidecar proxies do not route through waypoints (istio-traffic-topology I-02)',
  gatewayCallers: 'a gateway uses a waypoint only where istiod lets it (istio-traffic-topology W-60, W-62)',
  outsideCallers:
    'plaintext cannot enter a waypoint, and reaches the pods where mTLS is not strict (istio-security §4.5)',
} as const;

/** Where mTLS is strict, plaintext comes in by an exception only. */
const exceptionLaw =
  'an exception under `mtls.plaintext` admits plaintext to this port, and plaintext cannot enter a waypoint (istio-security §4.5)';
const exceptionHelp =
  'drop the exception, or accept the gap on this rule: `accept: [{ path: outsideCallers, until: …, reason: … }]`';

/** Refuses a rule that a caller could walk around, with the request that would slip through. */
export function refuseBypass(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  bypass: Bypass,
  cause: Obligation,
): void {
  const [condition] = cause.conditions;
  const destination = destinationLabel(policy.destination);
  const parameters = { caller: bypass.caller.label, destination };
  const isExcepted = bypass.path === 'outsideCallers' && mtlsAtPods(context, policy).isStrict;
  context.report(
    diagnostic(gaps[bypass.path], parameters, condition?.span ?? cause.span, {
      label: `seen only at a waypoint, because ${keyOf(policy.destination)} is ambient`,
      witness: witness(policy, bypass, cause),
      ...(isExcepted && { help: exceptionHelp }),
      notes: [
        { message: isExcepted ? exceptionLaw : laws[bypass.path] },
        ...(cause === obligation
          ? []
          : [{ message: `${obligation.origin.id} lets it in`, span: obligation.origin.span }]),
      ],
    }),
  );
}

function witness({ destination }: DestinationPolicy, { example }: Bypass, cause: Obligation): string {
  const port = cause.ports?.[0]?.label ?? '';
  const address = `${keyOf(destination)}${port === '' ? '' : `:${port}`}`;
  if (cause.effect === 'Allow')
    return `${example} → ${address}, straight to the pod: ztunnel admits ${other(cause)} as readily as ${meant(cause)}, or neither`;
  const unmet = cause.authorizer === undefined ? 'denies' : `asks \`${cause.authorizer}\` about`;
  return `${example} → ${address}, straight to the pod: ztunnel admits ${meant(cause)}, which ${cause.origin.id} ${unmet}`;
}

/** A request that the conditions describe. */
function meant({ conditions }: Obligation): string {
  return requestLike(conditions.filter(({ isNegated }) => !isNegated));
}

function requestLike(conditions: readonly Condition[]): string {
  const value = (key: Condition['key']) => conditions.find((condition) => condition.key === key)?.values[0]?.value;
  const path = sample(value('paths')) ?? '/';
  const header = conditions.find(({ key }) => key === 'headers');
  const headerText = header ? ` with ${header.name}: ${sample(header.values[0]?.value) ?? ''}` : '';
  const host = value('hosts');
  return `${value('methods') ?? 'GET'} ${path}${host ? ` for ${sample(host)}` : ''}${headerText}${tokenText(conditions)}`;
}

/** A request that they do not describe. */
function other({ conditions }: Obligation): string {
  const [excepted] = conditions.filter(({ isNegated }) => isNegated);
  if (excepted) return requestLike([...conditions.filter((each) => !isOfSame(each, excepted)), excepted]);
  const methods = conditions.find(({ key }) => key === 'methods')?.values.map(({ value }) => value);
  const method = methods
    ? (['DELETE', 'PUT', 'POST', 'GET', 'PATCH'].find((each) => !methods.includes(each)) ?? 'OPTIONS')
    : 'GET';
  const path = conditions.find(({ key }) => key === 'paths')?.values[0]?.value;
  const token = conditions.find(({ key }) => key === 'token');
  if (token !== undefined) return `the same request ${token.isNegated ? 'with' : 'without'} a token`;
  return methods ? `${method} ${sample(path) ?? '/'}` : `${method} /anything-else`;
}

/** Of a token only one thing is excepted, whatever else it must say. */
function isOfSame(left: Condition, right: Condition): boolean {
  return left.key === right.key && (left.key !== 'token' || left.name === right.name);
}

function tokenText(conditions: Obligation['conditions']): string {
  const token = conditions.find(({ key }) => key === 'token');
  if (token === undefined) return '';
  const says = conditions.find(({ key, name, isNegated }) => key === 'token' && name !== 'principal' && isNegated);
  const text = says === undefined ? '' : ` whose \`${says.name}\` is \`${says.values[0]?.value}\``;
  if (token.isNegated && token.values[0]?.value === '*') return ' without a token';
  return ` with a token of ${token.values[0]?.value.replace(/\/\*$/, '')}${text}`;
}

function sample(pattern: string | undefined): string | undefined {
  return pattern
    ?.replaceAll('{**}', 'a/b')
    .replaceAll('{*}', 'a')
    .replace(/\*$/, '1')
    .replace(/^\*/, pattern.startsWith('*.') && !pattern.includes('/') ? 'a' : '/a');
}
