import { afterAll, expect, it } from 'vitest';
import { refusalsOf } from '../../src/mesh/admission/admission.js';
import { parseSources } from '../../src/parse/parse-sources.js';
import { complaintsAbout } from '../../src/topology/schemas/refused-gateways.js';
import { mutatedObjects } from './admission/mutated.js';
import { unasked } from './answers/comparison.js';
import { meshDocument } from './cases/project.js';
import { judgeAll } from './judge-process.js';
import { judgedRelease } from './release.js';
import { settings } from './settings.js';

// The model refuses of what routes what the API server and Istio's webhook refuse, on objects in each of which one value is another.
const folder = new URL('.', import.meta.url).pathname;

/** What some releases of the Gateway API refuse and others do not (L-06), and what `kubectl` refuses where others drop it. */
const notTold = [
  'spec.rules in body should have at least 1 items',
  "value in body should match '^[!-~]+([\\t ]?[!-~]+)*$'",
  'unknown fields',
];
const counts = { both: 0, neither: 0, 'the model alone': 0, 'Istio alone': 0 };

it.runIf(settings.sources('admission'))('what is refused', () => {
  const objects = mutatedObjects(settings.seed, settings.cases * 5);
  const mesh = meshDocument({ clusters: [{ name: 'main' }] });
  const standing = { name: `admission-${settings.seed}`, cluster: 'main', mesh, objects };
  const [answer] = judgeAll(folder, [unasked(standing)], []);
  const refused = new Map((answer?.refused ?? []).map((line) => [line.slice(0, line.indexOf(':')), line]));
  const text = objects.map((object) => `---\n${JSON.stringify(object)}\n`).join('');
  const sources = [
    { path: 'mesh.yaml', text: JSON.stringify(mesh) },
    { path: 'objects.json', text, cluster: 'main' },
  ];
  const found = parseSources(sources).value.objects.flatMap(({ object }) => {
    const { kind, namespace = 'default', name, value } = object;
    const ours = (refusalsOf(object, judgedRelease)[0] ?? complaintsAbout(object)[0])?.why;
    const theirs = refused.get(`${kind} ${namespace}/${name}`);
    const side = ours === undefined ? 'Istio alone' : 'the model alone';
    if (ours === undefined && notTold.some((each) => theirs?.includes(each))) return [];
    const isAlike = (ours === undefined) === (theirs === undefined);
    counts[isAlike ? (ours === undefined ? 'neither' : 'both') : side] += 1;
    return isAlike ? [] : [`${side}: ${kind}: ${ours ?? theirs}: ${JSON.stringify(value.spec)}`];
  });
  expect(answer?.error).toBeUndefined();
  expect(found).toEqual([]);
});

afterAll(() => {
  console.info(
    Object.entries(counts)
      .map(([side, count]) => `refused by ${side}: ${count}`)
      .join('\n'),
  );
});
