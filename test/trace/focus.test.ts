import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dump, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { type JudgedMesh, judgeMesh } from '../../src/judged-mesh.js';
import { decideUnder } from '../../src/mesh/faults.js';
import { goYamlSchema } from '../../src/parse/go-yaml-schema.js';
import { compile, findManifestPaths, type OutputFile, type Source } from '../../src/pipeline.js';
import { traceToJson } from '../../src/report/trace.js';
import { ask, type Question } from '../../src/trace/ask/question.js';
import { writtenSourceIntents } from '../../src/trace/source-intents.js';
import { traceOf } from '../../src/trace/trace.js';
import { policy, service, workload } from '../mesh/support/mesh.js';
import { filesBelow, goldenCases } from '../support/cases.js';

const today = '2026-06-01';
const root = new URL('../../', import.meta.url).pathname;

async function judge(
  sources: readonly Source[],
  written: readonly OutputFile[],
  question?: Question,
): Promise<JudgedMesh | undefined> {
  return (await judgeMesh(sources, { today, faults: [], written, question })).value;
}

function questionOf(from: string, to: string): Question {
  const nothing = { fromIp: '10.9.9.9', cluster: undefined, method: undefined, path: undefined, host: undefined };
  return { from, to, ...nothing, podIp: false, tcp: false, headers: {}, token: undefined };
}

/** Every caller and every Service, each port of it, so that each pair is a question. */
function questionsAbout({ mesh }: JudgedMesh): readonly Question[] {
  const clusters = [...mesh.clusters.values()].map(({ cluster }) => cluster);
  const callers = clusters.flatMap(({ workloads, gateways }) => [
    ...workloads.keys(),
    ...[...gateways.keys()].map((gateway) => `gateway:${gateway}`),
  ]);
  const callees = clusters.flatMap(({ services, gateways, serviceEntries }) => [
    ...[...serviceEntries.values()].flatMap(({ hosts, ports }) =>
      hosts.flatMap((host) => ports.map(({ number }) => `${host}:${number}`)),
    ),
    ...[...services].flatMap(([name, { ports }]) => ports.map(({ number }) => `${name}:${number}`)),
    ...[...gateways.keys()].map((gateway) => `gateway:${gateway}:80`),
  ]);
  return ['outside', ...new Set(callers)].flatMap((from) => [...new Set(callees)].map((to) => questionOf(from, to)));
}

function answer({ mesh, state }: JudgedMesh, question: Question): unknown {
  const { value: asked, diagnostics } = ask(mesh, question);
  if (asked === undefined) return diagnostics;
  return [asked.first, ...asked.others].map((request) =>
    traceToJson({
      trace: traceOf(mesh, decideUnder(mesh, request, [])),
      sourceIntentsOf: writtenSourceIntents,
      mesh: state,
      faults: [],
      others: [],
      pods: 1,
      assumedHost: asked.assumedHost,
      displayPath: (path) => path,
    }),
  );
}

/** Asks both ways, and answers with how often the question was decided by a part of the mesh. */
async function compare(sources: readonly Source[], written: readonly OutputFile[], most: number): Promise<number> {
  const whole = await judge(sources, written);
  if (whole === undefined) return 0;
  const questions = questionsAbout(whole);
  const step = Math.ceil(questions.length / most);
  let parts = 0;
  for (const question of questions.filter((_, index) => index % step === 0)) {
    const part = await judge(sources, written, question);
    if (part === undefined) throw new Error('the whole was read, and its part was not');
    expect(answer(part, question), `${question.from} → ${question.to}`).toEqual(answer(whole, question));
    if (part.objects.length < whole.objects.length) parts++;
  }
  return parts;
}

function compiled(sources: readonly Source[]): readonly OutputFile[] {
  return compile(sources, { today, provenance: 'full', verify: false }).files;
}

describe('a part of the mesh answers as the whole', () => {
  it('in every golden case, as it is and with its output', async () => {
    let parts = 0;
    for (const golden of [...goldenCases(), ...goldenCases('lint')]) {
      const sources = golden.sources.map(inBlockStyle);
      parts += await compare(sources, [], 6);
      const files = compiled(sources);
      if (files.length > 0) parts += await compare(sources, files, 6);
    }
    expect(parts).toBeGreaterThan(100);
  });

  it.each(['bank', 'bookshop', 'hybrid-shop'])('in examples/%s', async (name) => {
    const sources = sourcesOf(
      new Map(filesBelow(join(root, 'examples', name)).map(textOf(join(root, 'examples', name)))),
    );
    expect(await compare(sources, compiled(sources), 120)).toBeGreaterThan(10);
  });

  it.each(crossings)('where %s', async (_, question, words, manifests) => {
    const text = [...namespaces, ...applications, manifests].join('');
    const sources = [
      { path: 'ambit.yaml', text: mesh },
      inBlockStyle({ path: 'manifests.yaml', text, cluster: 'east' }),
    ];
    const [from = '', to = ''] = question.split(' → ');
    const whole = await judge(sources, []);
    expect(whole && JSON.stringify(answer(whole, questionOf(from, to)))).toContain(words);
    await compare(sources, [], 500);
  });

  it('in a generated mesh of several clusters', async () => {
    const sources = sourcesOf(await generated({ clusters: 2, namespaces: 24, services: 48, pods: 96 }));
    const files = compiled(sources);
    expect(files.length).toBeGreaterThan(10);
    expect(await compare(sources, files, 150)).toBe(150);
  });
});

/** As machines write it, so that documents have outlines. A text that is not YAML stays as it is. */
function inBlockStyle(source: Source): Source {
  try {
    const documents = loadAll(source.text, null, { schema: goYamlSchema });
    return { ...source, text: documents.map((document) => dump(document, { noRefs: true })).join('---\n') };
  } catch {
    return source;
  }
}

const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: mesh }
spec: { rootNamespace: mesh-root, clusters: [{ name: east }] }
`;

const namespaces = [
  ['mesh-root', '{}'],
  ['near', '{ istio.io/dataplane-mode: ambient }'],
  ['legacy', '{ istio-injection: enabled }'],
  ['far', '{ istio.io/dataplane-mode: ambient }'],
  ['beyond', '{ istio.io/dataplane-mode: ambient }'],
].map(([name, labels]) => `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: ${labels} }\n`);

const applications = ['near', 'legacy', 'beyond'].flatMap((namespace) => [
  workload(namespace, 'client'),
  workload(namespace, 'server'),
  service(namespace, 'server'),
]);

const bound = '{ istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: far }';

/** Where something decides that lives in a namespace which the question does not name. */
const crossings: ReadonlyArray<[title: string, question: string, words: string, manifests: string]> = [
  [
    'the waypoint is of another namespace',
    'near/client → near/guarded:80',
    'AuthorizationPolicy far/elsewhere',
    `${service('near', 'guarded', bound).replace('{ app: guarded }', '{ app: server }')}---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: far }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }]
${policy('far', 'elsewhere', '{ action: DENY, rules: [{}], targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: waypoint }] }')}`,
  ],
  [
    'a route of another namespace leads to a third',
    'legacy/client → legacy/server:80',
    'beyond/server:8080',
    `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: away, namespace: far }
spec:
  hosts: [server.legacy.svc.cluster.local]
  http: [{ route: [{ destination: { host: server.beyond.svc.cluster.local } }] }]
`,
  ],
  [
    'the root namespace has a name of its own',
    'near/client → near/server:80',
    'AuthorizationPolicy mesh-root/elsewhere',
    policy('mesh-root', 'elsewhere', '{ action: DENY, rules: [{ from: [{ source: { namespaces: [near] } }] }] }'),
  ],
  [
    'a Service of another namespace leads to the pods by their addresses',
    'legacy/client → legacy/server:80',
    'to which Services give different protocols',
    `---
apiVersion: v1
kind: Pod
metadata: { name: server-0, namespace: legacy, labels: { app: server }, ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: server, controller: true }] }
spec: { containers: [{ name: main, image: example }] }
status: { podIP: 10.0.0.9 }
---
apiVersion: v1
kind: Service
metadata: { name: entry, namespace: far }
spec: { ports: [{ name: tcp, port: 1, targetPort: 8080 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: entry-1, namespace: far, labels: { kubernetes.io/service-name: entry } }
addressType: IPv4
endpoints: [{ addresses: [10.0.0.9] }]
ports: [{ name: tcp, port: 8080 }]
`,
  ],
  [
    'a Gateway of another namespace gives pods their listener',
    'outside → gateway:near/edge:80',
    'listener `http` of Gateway `far/public`',
    `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: edge, namespace: near }
spec:
  selector: { matchLabels: { app: edge } }
  template:
    metadata:
      labels: { app: edge, sidecar.istio.io/inject: 'true' }
      annotations: { inject.istio.io/templates: gateway }
    spec: { containers: [{ name: istio-proxy, image: auto }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: far }
spec:
  selector: { app: edge }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }]
`,
  ],
  [
    'a route of another namespace makes a listener for connections be there',
    'outside → gateway:near/edge:5432',
    'listener `db` of Gateway `near/public`',
    `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: edge, namespace: near }
spec:
  selector: { matchLabels: { app: edge } }
  template:
    metadata:
      labels: { app: edge, sidecar.istio.io/inject: 'true' }
      annotations: { inject.istio.io/templates: gateway }
    spec: { containers: [{ name: istio-proxy, image: auto }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: near }
spec:
  selector: { app: edge }
  servers: [{ port: { number: 5432, name: db, protocol: TCP }, hosts: ['*'] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: db, namespace: far }
spec:
  hosts: [db]
  gateways: [near/public]
  tcp: [{ route: [{ destination: { host: server.beyond.svc.cluster.local } }] }]
`,
  ],
];

function textOf(directory: string): (path: string) => [string, string] {
  return (path) => [relative(directory, path), readFileSync(path, 'utf8')];
}

/** The sources that a project names, as the command line would read them. */
function sourcesOf(texts: ReadonlyMap<string, string>): readonly Source[] {
  const own = [...texts].filter(([path]) => path === 'ambit.yaml' || path.startsWith('intents/'));
  const named = own.flatMap(([path, text]) => findManifestPaths({ path, text }));
  const manifests = named.flatMap(({ cluster, path }) =>
    [...texts].filter(([file]) => file.startsWith(path)).map(([file, text]) => ({ path: file, text, cluster })),
  );
  return [...own.map(([path, text]) => ({ path, text })), ...manifests];
}

async function generated(options: Readonly<Record<string, number>>): Promise<ReadonlyMap<string, string>> {
  const [{ generateProject }, { sizeOf }] = await Promise.all([
    import(new URL('../../bench/generate.mjs', import.meta.url).href),
    import(new URL('../../bench/sizes.mjs', import.meta.url).href),
  ]);
  return generateProject({ ...sizeOf('small'), ...options, modes: { ambient: 40, sidecar: 30, mixed: 20, none: 10 } });
}
