import { describeRequest } from '../../../../src/mesh/request.js';
import { modelOf } from '../../cases/standing.js';
import { describeEnd, relationOf } from '../answers/compare-ends.js';
import { modelEnds } from '../answers/model-ends.js';
import type { Configured } from '../answers/settings.js';
import { type RouteRecording, readRow } from './route-recording.js';

/** Where the model leads a request otherwise than Istio and Envoy did once, a sentence each. */
export function unlikeIn(recording: RouteRecording): string[] {
  const mesh = modelOf(recording);
  const configuration = { rules: byNumber(recording.rules), settings: byNumber(recording.settings) };
  return recording.rows.flatMap((row) => {
    const { request, ends } = readRow(row, recording.cluster);
    const model = modelEnds(mesh, request);
    const { relation, difference } = relationOf(model, ends, configuration);
    if (relation !== 'contradiction') return [];
    return [`${describeRequest(request)}: ${model.map(describeEnd).join('; ')}: ${difference}`];
  });
}

function byNumber(all: readonly Configured[]): Readonly<Record<string, Configured>> {
  return Object.fromEntries(all.map((configured, number) => [String(number), configured]));
}
