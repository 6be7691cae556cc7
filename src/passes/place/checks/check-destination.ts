import { podPoint } from '../../../dataplanes/capabilities.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Setting } from '../../../resolve/resolved.js';
import { keyOf } from '../../../topology/model.js';
import { isOwnDefault, type PlaceContext } from '../context.js';
import { destinationSpan } from '../destination-span.js';
import { closes, gapAt, unmeshed } from './check-coverage.js';

/** Refuses what no enforcement point in front of a destination could do, whoever calls. */
export function checkDestination(context: PlaceContext, policy: DestinationPolicy): void {
  for (const obligation of policy.obligations) checkRequests(context, policy, obligation);
  checkMeshed(context, policy);
  if (!isPromised(policy)) return;
  checkPodWaypoint(context, policy);
  checkWaypointReaches(context, policy);
}

/** Whether the intents say anything that has to be enforced here; a default of the mesh speaks about what is in it. */
function isPromised(policy: DestinationPolicy): boolean {
  const { obligations, default: fallback, mtls, plaintext } = policy;
  const isClosed = fallback?.value === 'Deny' && fallback.scope.kind !== 'mesh';
  const hasOwnMode = mtls?.scope.kind === 'service' || mtls?.scope.kind === 'workload';
  return obligations.length > 0 || plaintext.length > 0 || isClosed || isOwnDefault(policy) || hasOwnMode;
}

/** A rule about requests where nothing reads them, or reads something else than is meant. */
function checkRequests(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  { layer, ports, conditions, effect, span }: Obligation,
): void {
  const isAmbient = destination.workloads.some(({ mode }) => podPoint[mode.plane] === 'ztunnel');
  const hidden = ports?.find(({ service }) => service === undefined);
  if (layer === 'L7' && isAmbient && hidden && destination.service?.hasVip) {
    const parameters = { port: hidden.label, destination: destinationLabel(destination) };
    const notes = [
      { message: 'requests that are addressed to a pod pass no waypoint of its Service (istio-traffic-topology W-13)' },
    ];
    const details = { label: 'ztunnel sees connections only', notes };
    context.report(diagnostic('requests-at-pods', parameters, conditions[0]?.span ?? span, details));
  }
  const undeclared = ports?.find((port) => port.layer === 'detected' && port.service !== undefined);
  const [condition] = conditions;
  if (effect === 'Deny' && condition && undeclared) {
    const parameters = { port: undeclared.label, destination: destinationLabel(destination), field: condition.key };
    const witness = `a TCP connection to port ${undeclared.label} is closed, though no rule denies it`;
    const notes = [
      { message: 'Envoy drops what it cannot see from a denial, and keeps the rest (istio-security §2.5)' },
    ];
    context.report(diagnostic('deny-on-undeclared-port', parameters, condition.span, { witness, notes }));
  }
  const refusing = conditions.filter(({ key, isNegated }) => key === 'hosts' && isNegated === (effect === 'Allow'));
  const suffix = refusing.flatMap(({ values }) => values).find(({ value }) => value.startsWith('*'));
  if (suffix) {
    const witness = `a request with Host: ${suffix.value.replace('*', 'a')}:8443 is let through`;
    context.report(diagnostic('suffix-host-in-deny', { host: suffix.value }, suffix.span, { witness }));
  }
}

/** Where nothing stands in front of a workload, somebody has to answer for everything that is said of it. */
function checkMeshed(context: PlaceContext, policy: DestinationPolicy): void {
  const promises = promisesOf(policy);
  for (const workload of policy.destination.workloads) {
    if (podPoint[workload.mode.plane] !== undefined) continue;
    const [broken] = promises.filter((promise) => !context.accepts(promise, 'unmeshedWorkloads', gapAt(workload)));
    if (broken) context.report(unmeshed(workload, broken.span, 'nobody would enforce this'));
  }
}

type Promised = Pick<Obligation, 'accept' | 'origin'> & { readonly span: Span };

/** Whoever answers for the rules answers for the settings behind them. */
function promisesOf({ obligations, plaintext, default: fallback, mtls }: DestinationPolicy): readonly Promised[] {
  if (obligations.length > 0) return obligations;
  const isOwn = ({ scope }: Setting<string>) => scope.kind === 'service' || scope.kind === 'workload';
  const settings = [fallback, mtls].flatMap((setting) =>
    setting && (isOwn(setting) || closes(setting)) ? [{ ...setting, span: setting.origin.span }] : [],
  );
  return [...plaintext, ...settings];
}

/** What is addressed to pods through a waypoint meets no policy of a Service there, and arrives as the waypoint (istio-security §3.2). */
function checkPodWaypoint(context: PlaceContext, policy: DestinationPolicy): void {
  const workload = policy.destination.workloads.find(({ binding }) => binding.kind === 'bound');
  if (workload?.binding.kind !== 'bound') return;
  const parameters = { workload: keyOf(workload), waypoint: workload.binding.waypoint };
  const witness = `an ambient pod calls the address of a pod of ${keyOf(workload)}: no rule about its Service is asked, and the pod sees the waypoint`;
  const notes = [
    { message: 'a waypoint’s policies cannot be told to hold for one workload (istio-security §3.2, #56505)' },
  ];
  context.report(diagnostic('pods-behind-waypoint', parameters, destinationSpan(policy), { witness, notes }));
}

/** A waypoint forwards by HBONE alone, so that a sidecar that does not listen on it is cut off (I-04). */
function checkWaypointReaches(context: PlaceContext, { destination, waypoint, ...policy }: DestinationPolicy): void {
  const deaf = destination.workloads.find(({ mode }) => mode.plane === 'sidecar' && !mode.hbone);
  if (waypoint === undefined || deaf === undefined) return;
  const witness = `every request that waypoint ${waypoint.namespace}/${waypoint.name} forwards to ${keyOf(deaf)} is refused`;
  const notes = [{ message: 'a waypoint forwards by HBONE (istio-traffic-topology I-04, E-24)' }];
  const parameters = { caller: `waypoint ${waypoint.namespace}/${waypoint.name}`, workload: keyOf(deaf) };
  context.report(
    diagnostic('plaintext-to-sidecar', parameters, destinationSpan({ destination, waypoint, ...policy }), {
      witness,
      notes,
    }),
  );
}
