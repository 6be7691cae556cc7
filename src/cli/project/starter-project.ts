import { Document, isMap, isScalar } from 'yaml';
import { apiVersion } from '../../parse/kinds.js';
import type { Deployment, SurveyedCluster, SurveyedNamespace } from './survey-manifests.js';

const printing = { lineWidth: 0 } as const;

/** What editors check the project against. Its name begins with a dot, so that it is never read as a manifest. */
export const starterSchemaName = '.ambit.schema.json';

/** The line by which an editor finds the schema, from a file so many directories below the project's. */
function modeline(depth: number): string {
  return `# yaml-language-server: $schema=${'../'.repeat(depth)}${starterSchemaName}\n`;
}

/** A commented ambit.yaml: the project and its mesh. */
export function starterProject(name: string, { clusters }: Deployment): string {
  return modeline(0) + [project(name), mesh(clusters)].map((document) => document.toString(printing)).join('---\n');
}

function project(name: string): Document {
  const document = createDocument({
    apiVersion,
    kind: 'Project',
    metadata: { name },
    spec: { intents: ['intents/'], output: 'out/' },
  });
  document.commentBefore = ' What this project reads and writes, so that `ambit compile` needs no flags.';
  comment(document, ['spec', 'intents'], ' Files and directories with intents, relative to this file.');
  comment(
    document,
    ['spec', 'output'],
    ' `ambit compile` writes and replaces this directory whole. Commit it, review it, apply it.',
  );
  return document;
}

function mesh(clusters: readonly SurveyedCluster[]): Document {
  const document = createDocument({
    apiVersion,
    kind: 'Mesh',
    metadata: { name: 'mesh' },
    spec: {
      ...Object.assign({}, ...clusters.map(({ found }) => found?.mesh ?? {})),
      clusters: clusters.map(({ name, manifests, version, found }) => ({
        name,
        istio: { version: version ?? '1.29', ...found?.istio },
        manifests: [manifests],
      })),
    },
  });
  document.commentBefore = ' What the manifests cannot say about the mesh.';
  clusters.forEach((cluster, index) => {
    comment(document, ['spec', 'clusters', index, 'istio'], sourceOf(cluster));
    comment(
      document,
      ['spec', 'clusters', index, 'manifests'],
      " The cluster's manifests: files, directories, or `kubectl get … -o yaml` saved to a file.",
    );
  });
  return document;
}

/** Where the settings of a cluster come from. */
function sourceOf({ version, found }: SurveyedCluster): string {
  if (found === undefined) {
    return version === undefined
      ? ' No image in the manifests tells the Istio version: correct it here.'
      : ' As the images in the manifests say.';
  }
  const read = ' As the manifests of Istio say: its MeshConfig, istiod, an operator. They must go on to agree.';
  const { providers } = found;
  if (providers.length === 0) return read;
  return `${read}\n Its external authorizers are ${providers.join(', ')}; if there are no others, say \`wholeMeshConfig: true\`.`;
}

/** A first intent that changes nothing, and in its comments the one that a person would write next. */
export function starterIntents({ name, services }: SurveyedNamespace): string {
  const document = createDocument({
    apiVersion,
    kind: 'SecuritySettings',
    metadata: { name },
    spec: { scope: { namespace: name }, authorization: { default: 'Allow' } },
  });
  document.commentBefore = ` Who may call whom in ${name}.`;
  comment(
    document,
    ['spec', 'authorization', 'default'],
    ' What no rule below speaks about. `Deny` admits only what is allowed.',
  );
  document.comment = nextSteps(services);
  return modeline(1) + document.toString(printing);
}

/** Whether a text is still what `ambit init` wrote: it says nothing that anybody could miss. */
export function isUntouchedStarter(text: string): boolean {
  const [, name = ''] = /^metadata:\n {2}name: (\S+)$/m.exec(text) ?? [];
  const services = [...text.matchAll(/: \[\{ service: (\S+) \}\]$/gm)].flatMap(([, service]) => service ?? []);
  return text === starterIntents({ name, services });
}

function nextSteps(services: readonly string[]): string {
  const [first = 'frontend', second = 'backend'] = services;
  return [
    ' Next, name who calls whom, and turn the default to `Deny`:',
    '     allow:',
    `       - name: ${first}-calls-${second}`,
    `         from: [{ service: ${first} }]`,
    `         to: [{ service: ${second} }]`,
  ].join('\n');
}

function createDocument(value: unknown): Document {
  return new Document(value, { version: '1.2', compat: 'yaml-1.1' });
}

/** Stands a comment above the key that ends the path. */
function comment(document: Document, path: ReadonlyArray<string | number>, text: string): void {
  const parent = document.getIn(path.slice(0, -1));
  if (!isMap(parent)) return;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  if (pair !== undefined && isScalar(pair.key)) pair.key.commentBefore = text;
}
