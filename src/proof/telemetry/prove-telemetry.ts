import type { Mesh } from '../../mesh/mesh.js';
import { applicableAt } from '../../mesh/telemetry/applicable.js';
import { sidesOf } from '../../mesh/telemetry/side.js';
import type { TelemetryObject } from '../../mesh/telemetry/telemetry-object.js';
import { isManaged } from '../../parse/document.js';
import type { ResolvedTelemetry } from '../../resolve/resolved-telemetry.js';
import { type RecordDeviation, recordDeviations } from './compare-records.js';
import { isKnownBy, unknownProviders } from './known-providers.js';
import { meantRecords } from './meant.js';
import { type Recorder, recordersOf } from './recorders.js';
import { recordsOf } from './records.js';

/** What was compared of what proxies record. */
export interface TelemetryProof {
  readonly recorders: number;
  readonly deviating: readonly DeviatingRecords[];
  readonly open: readonly OpenRecords[];
}

export interface DeviatingRecords {
  readonly recorder: Recorder;
  readonly deviations: readonly RecordDeviation[];
  /** What it obeys, the widest first. */
  readonly layers: readonly TelemetryObject[];
}

export interface OpenRecords {
  readonly recorder: Recorder;
  readonly fact: string;
}

/** Compares what intents say of records with what each proxy is told to record, from the text of Telemetry objects alone. */
export function proveTelemetry(mesh: Mesh, all: readonly ResolvedTelemetry[]): TelemetryProof {
  const recorders = all.length === 0 ? [] : recordersOf(mesh, all);
  const judged = recorders.map(judge);
  return {
    recorders: recorders.length,
    deviating: judged.flatMap(({ deviating }) => deviating),
    open: judged.flatMap(({ open }) => open),
  };
}

function judge(recorder: Recorder): Pick<TelemetryProof, 'deviating' | 'open'> {
  const { at, point, settings } = recorder;
  if (point.kind === 'waypoint' && point.waypoint.className !== 'istio-waypoint') {
    const fact = `what a waypoint of class \`${point.waypoint.className}\` records`;
    return { deviating: [], open: [{ recorder, fact }] };
  }
  const { layers, doubt } = applicableAt(point, at);
  if (doubt !== undefined) return { deviating: [], open: [{ recorder, fact: doubt }] };
  const meant = meantRecords(settings);
  const isKnown = isKnownBy(at.cluster.settings.istio);
  const foreign = layers.filter(({ object }) => !isManaged(object));
  const deviations = sidesOf(point).flatMap((side) =>
    recordDeviations(meant, recordsOf(layers, side, isKnown), recordsOf(foreign, side, isKnown)),
  );
  const open = unknownProviders(meant, at.cluster.settings.istio).map((name) => ({
    recorder,
    fact: `no manifest shows whether the MeshConfig has extension provider \`${name}\``,
  }));
  return { deviating: deviations.length === 0 ? [] : [{ recorder, deviations, layers }], open };
}
