import {
  notRecorded,
  type RecordFeature,
  type RecordingPoint,
  recordCapabilities,
} from '../../../src/dataplanes/telemetry.js';
import type { PlacedIr, PolicyIr } from '../../../src/ir/policy-ir.js';
import { type IstioVersion, istioVersions } from '../../../src/parse/mesh.js';
import { featuresOf } from '../../../src/passes/recording-wishes.js';
import { compile } from '../../../src/pipeline.js';
import { goldenCases } from '../cases.js';
import { withCase } from './golden-case.js';

export const recordFeatures: readonly RecordFeature[] = ['accessLogs', 'metrics', 'tracing'];

export const recordColumns: ReadonlyArray<{ readonly name: string; readonly point: RecordingPoint }> = [
  { name: 'sidecar', point: 'sidecar' },
  { name: 'ztunnel', point: 'ztunnel' },
  { name: 'waypoint', point: 'waypoint' },
  { name: 'waypoint of another namespace', point: 'waypointElsewhere' },
  { name: 'gateway', point: 'gateway' },
];

export type RecordOutcome = 'Telemetry' | 'a waypoint is planned' | 'refused';

interface RecordCell {
  readonly outcome: RecordOutcome;
  readonly because: string;
  readonly versions: readonly IstioVersion[];
}

/** Each distinct outcome of a feature at a point, and under which releases. */
export function recordCells(feature: RecordFeature, point: RecordingPoint): readonly RecordCell[] {
  const all = istioVersions.map((version) => ({ version, lack: notRecorded(feature, point, { version }) }));
  const refusal = point === 'ztunnel' ? 'a waypoint is planned' : 'refused';
  const outcomes = [...new Set(all.map(({ lack }) => (lack === undefined ? 'Telemetry' : refusal)))];
  return outcomes.map((outcome) => {
    const here = all.filter(({ lack }) => (lack === undefined) === (outcome === 'Telemetry'));
    return { outcome, because: here[0]?.lack?.because ?? '', versions: here.map(({ version }) => version) };
  });
}

/** By feature, point and outcome: the first golden case in which that is written, planned or refused. */
export function recordEvidence(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const golden of goldenCases()) {
    if (!/^(?:traffic\/telemetry|diagnostics\/AMB3093)/.test(golden.name)) continue;
    const { placed, ir, diagnostics } = compile(golden.sources, { ...golden.options, verify: false });
    const isRefused = diagnostics.some(({ code }) => code === 'AMB3093');
    const keys = [...(placed && !isRefused ? written(placed) : []), ...(ir ? atServices(ir, isRefused) : [])];
    for (const key of keys) if (!found.has(key)) found.set(key, golden.name);
  }
  return found;
}

function written({ telemetry: all, topology }: PlacedIr): readonly string[] {
  const gateways = new Set(topology.clusters.flatMap(({ gateways }) => [...gateways.values()].map(({ name }) => name)));
  return all.flatMap(({ telemetry, attachment, name }) => {
    const isGateway = attachment.kind === 'gateway' || gateways.has(name);
    const point = isGateway ? 'gateway' : attachment.kind === 'selector' ? 'sidecar' : undefined;
    return point === undefined ? [] : featuresOf(telemetry).map((feature) => `${feature} ${point}: Telemetry`);
  });
}

function atServices({ destinations }: PolicyIr, isRefused: boolean): readonly string[] {
  return destinations.flatMap(({ destination, telemetry, waypoint }) => {
    if (telemetry === undefined || waypoint === undefined) return [];
    const isElsewhere = waypoint.namespace !== destination.namespace;
    const point: RecordingPoint = isElsewhere ? 'waypointElsewhere' : 'waypoint';
    return featuresOf(telemetry.telemetry).flatMap((feature) => [
      `${feature} ${point}: ${isRefused ? 'refused' : 'Telemetry'}`,
      ...(waypoint.because.length > 0 && !isRefused ? [`${feature} ztunnel: a waypoint is planned`] : []),
    ]);
  });
}

const introduction = `## What proxies record

What \`telemetry\` of a Service, a workload or a gateway asks for; for the mesh and for namespaces it is one Telemetry without a
selector. ztunnel reads none: a waypoint is planned where a Service has a virtual IP, and what is for a workload is refused
(AMB3093).

How it was confirmed: what is written passes the validation of istiod; which proxy reads which Telemetry was read in the code.

`;

/** The last table of docs/traffic.md. */
export function recordTable(): string {
  const evidence = recordEvidence();
  const head = ['Asked for', ...recordColumns.map(({ name }) => name)];
  const rows = recordFeatures.map((feature) => [
    `\`telemetry: { ${feature}: … }\``,
    ...recordColumns.map(({ point }) =>
      recordCells(feature, point)
        .map((cell) => cellText(cell, evidence.get(`${feature} ${point}: ${cell.outcome}`)))
        .join('; '),
    ),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${introduction}${lines.join('\n')}\n`;
}

function cellText({ outcome, because, versions }: RecordCell, golden: string | undefined): string {
  const where =
    versions.length === istioVersions.length
      ? ''
      : versions[0] === istioVersions[0]
        ? `, until ${versions.at(-1)}`
        : `, from ${versions[0]} on`;
  return `${withCase(outcome, golden)}${where}${because === '' ? '' : `: ${because}`}`;
}

/** Whether the table has a row for every feature that the capabilities know. */
export const knownRecords: readonly RecordFeature[] = [...new Set(recordCapabilities.map(({ feature }) => feature))];
