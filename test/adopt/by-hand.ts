import { dump } from 'js-yaml';
import { objectsAfterApply } from '../../src/mesh/applied.js';
import { readYaml } from '../../src/parse/read-yaml.js';
import { compile, type Source } from '../../src/pipeline.js';

/** What is compiled from some texts, as if somebody had written it by hand: all objects of the mesh, and no intents. */
export function writtenByHand(sources: readonly Source[], today: string): readonly Source[] {
  const { objects, files } = compile(sources, { today });
  const applied = objectsAfterApply(objects, files).value;
  const manifests = applied.map(({ cluster, object }, index) => ({
    path: `manifests/${cluster}/${index}.yaml`,
    cluster,
    text: dump(withoutMarks(object.value), { noRefs: true, lineWidth: -1 }),
  }));
  return [...meshOf(sources), ...manifests];
}

/** The Mesh documents among some texts. */
function meshOf(sources: readonly Source[]): readonly Source[] {
  const documents = sources.flatMap(({ path, text }) =>
    text.includes('kind: Mesh') ? readYaml({ path, text }, 'manifest').value : [],
  );
  return documents
    .map(({ value }) => Object(value))
    .filter(({ kind }) => kind === 'Mesh')
    .map((mesh, index) => ({ path: `mesh-${index}.yaml`, text: dump(mesh, { noRefs: true, lineWidth: -1 }) }));
}

function withoutMarks(value: object): object {
  const object = Object(value);
  const { labels, annotations, ...metadata } = object.metadata;
  const others = (texts: object, isMark: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(texts ?? {}).filter(([name]) => !isMark(name)));
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: others(labels, (name) => name === 'app.kubernetes.io/managed-by'),
      annotations: others(annotations, (name) => name.startsWith('ambit.dev/')),
    },
  };
}
