import { endpointCapabilities, notKept, type SendingPoint } from '../../../src/dataplanes/endpoints.js';
import { type Diagnostic, hasErrors } from '../../../src/diagnostics/diagnostic.js';
import type { DestinationPolicy, PolicyIr } from '../../../src/ir/policy-ir.js';
import { clusterOf } from '../../../src/passes/clusters.js';
import { endpointNeeds } from '../../../src/passes/endpoint-needs.js';
import { sendersOf } from '../../../src/passes/place/endpoints/senders.js';
import { mayCall } from '../../../src/passes/reach.js';
import { compile } from '../../../src/pipeline.js';
import { destinationLabel } from '../../../src/resolve/destinations.js';
import { indexSources } from '../../../src/resolve/sources.js';
import { goldenCases } from '../cases.js';

/** By feature, column and outcome: the first golden case in which that is written, or refused. */
export function endpointEvidence(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const golden of goldenCases()) {
    if (!/^(?:traffic\/|diagnostics\/AMB3061)/.test(golden.name)) continue;
    const { ir, diagnostics } = compile(golden.sources, { ...golden.options, verify: false });
    if (ir === undefined) continue;
    for (const key of ir.destinations.flatMap((policy) => shown(ir, policy, diagnostics)))
      if (!found.has(key)) found.set(key, golden.name);
  }
  return found;
}

/** Everything that becomes of the wishes for one destination. */
function shown(ir: PolicyIr, policy: DestinationPolicy, diagnostics: readonly Diagnostic[]): readonly string[] {
  const { traffic, destination, waypoint } = policy;
  if (traffic === undefined || destination.service === undefined) return [];
  const cluster = clusterOf(ir.topology, destination.cluster);
  const callers = indexSources(ir.topology).all.filter((source) => mayCall(source, policy, cluster));
  const points = [...sendersOf(policy, callers, cluster).keys()];
  const headless = destination.service.headless ? ', Service without virtual IP' : '';
  const isPlanned = waypoint !== undefined && waypoint.because.length > 0;
  return featuresOf(policy).flatMap(({ feature, wish }) =>
    points.flatMap((point) => {
      const refusal = `${wish}, which ${senders[point]}`;
      const refused = diagnostics.some((each) => isRefusal(each, refusal, destinationLabel(destination)));
      if (!refused && hasErrors(diagnostics)) return [];
      const form = endpointCapabilities.find((row) => row.feature === feature)?.form;
      const isKept = notKept(feature, point, cluster.settings) === undefined;
      const written = isKept ? form : 'DestinationRule and a route';
      const ofZtunnel = refused ? 'refused' : 'a waypoint is planned';
      return [
        `${feature} ${point}${headless}: ${refused ? 'refused' : written}`,
        ...(point === 'waypoint' && isPlanned ? [`${feature} ztunnel: ${ofZtunnel}`] : []),
      ];
    }),
  );
}

function featuresOf({ traffic }: DestinationPolicy): ReturnType<typeof endpointNeeds> {
  if (traffic === undefined) return [];
  const needs = endpointNeeds(traffic);
  const affinity = needs.filter(({ feature }) => feature === 'affinity' && traffic.routes.length === 0);
  return [...needs, ...affinity.map((need) => ({ ...need, feature: 'affinityWithoutRoute' as const }))];
}

/** How a refusal names who sends. */
const senders: Readonly<Record<SendingPoint, string>> = {
  sidecar: 'the sidecar of ',
  waypoint: 'a waypoint',
  gateway: 'gateway ',
  ztunnel: 'ztunnel of ',
};

function isRefusal({ code, message }: Diagnostic, refusal: string, destination: string): boolean {
  return code === 'AMB3061' && message.includes(refusal) && message.includes(destination);
}
