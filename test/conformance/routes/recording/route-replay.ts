import { describeRequest } from '../../../../src/mesh/request.js';
import { modelOf } from '../../cases/standing.js';
import { describeEnd, relationOf, settingsOf } from '../answers/compare-ends.js';
import { explanationOfSetting } from '../answers/explanations.js';
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
    const { relation, difference } = relationOf(model, ends);
    const what = relation === 'contradiction' ? [`${model.map(describeEnd).join('; ')}: ${difference}`] : [];
    return [...what, ...unlikeSettings(model, ends, configuration)].map(
      (each) => `${describeRequest(request)}: ${each}`,
    );
  });
}

function byNumber(all: readonly Configured[]): Readonly<Record<string, Configured>> {
  return Object.fromEntries(all.map((configured, number) => [String(number), configured]));
}

function unlikeSettings(...[model, ends, configuration]: Parameters<typeof settingsOf>): readonly string[] {
  return settingsOf(model, ends, configuration).flatMap(({ hop, unlike }) =>
    unlike
      .filter((each) => explanationOfSetting(each, hop) === undefined)
      .map(({ name, model: ours, istio }) => `${name} ${ours}, and Istio ${istio}`),
  );
}
