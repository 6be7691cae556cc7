import { expect, it } from 'vitest';
import { meshToDot } from '../../src/report/mesh/dot.js';
import { meshFormats } from '../../src/report/mesh/formats.js';
import { graphOf, mostEdges } from '../../src/report/mesh/graph.js';
import { meshToMermaid } from '../../src/report/mesh/mermaid.js';
import type { AccessReport, MeshReport, WorkloadReport } from '../../src/report/mesh/mesh-report.js';

const access = (caller: string): AccessReport => ({
  who: caller,
  kind: 'identity',
  callers: [caller],
  clusters: ['east'],
  planes: ['ambient'],
  nobodyYet: false,
  verdict: 'some',
  through: ['GET'],
  asks: [],
  because: null,
  encryption: 'mutual-tls',
  needsToken: false,
  rules: [],
});

function workload(namespace: string, name: string, callers: readonly string[]): WorkloadReport {
  const points = [{ name: 'ztunnel', policies: [] }];
  const way = { by: 'pod port 80', podPort: 80, carries: 'requests', points, access: callers.map(access) } as const;
  return { cluster: 'east', namespace, name, plane: 'ambient', because: '', services: [], ways: [way] };
}

const nothing: MeshReport = {
  title: 'mesh',
  day: '2026-11-29',
  state: 'after-apply',
  clusters: [],
  findings: { errors: 0, warnings: 0 },
  proved: null,
  workloads: [],
  crossings: [],
  entries: [],
  gateways: [],
  hosts: [],
  rules: [],
  tests: [],
  accepted: [],
  waypoints: [],
  compliance: [],
};

const hostile = `"]; </script><img src=x onerror=alert(1)> --> %% \`'&\u2028\n\\ end`;
const tests: MeshReport['tests'] = [
  {
    kind: 'AccessTest',
    name: hostile,
    claim: hostile,
    status: 'failed',
    because: hostile,
    leavesOut: hostile,
    file: hostile,
    line: 1,
  },
];
const accepted: MeshReport['accepted'] = [
  { what: hostile, until: null, reason: hostile, owner: hostile, file: hostile, line: 1, covers: [hostile] },
];
const attacked: MeshReport = {
  ...nothing,
  title: hostile,
  clusters: [{ name: hostile, istio: hostile }],
  crossings: [hostile],
  workloads: [workload(hostile, hostile, [hostile])],
  entries: [
    {
      url: hostile,
      gateway: hostile,
      pods: [hostile],
      access: [{ who: hostile, verdict: 'undecided', through: [], because: hostile, needsToken: false }],
    },
  ],
  gateways: [
    {
      cluster: hostile,
      namespace: hostile,
      name: hostile,
      ways: workload(hostile, hostile, [hostile]).ways,
      leadsTo: [hostile],
    },
  ],
  hosts: [
    {
      cluster: hostile,
      host: hostile,
      port: 443,
      protocol: hostile,
      serviceEntry: hostile,
      carries: 'requests',
      access: [{ ...access(hostile), points: [hostile] }],
    },
  ],
  tests,
  accepted,
  compliance: [
    { name: hostile, title: hostile, controls: [{ id: hostile, says: hostile, status: 'fails', answers: [] }] },
  ],
};

it('lets no name become markup or script', () => {
  const page = meshFormats.html(attacked);
  expect(page).not.toContain('<img');
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page.match(/<script/g)).toHaveLength(2);
  const [, data = ''] = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page) ?? [];
  expect(JSON.parse(data).workloads[0].name).toBe(hostile);
});

it('asks the network for nothing', () => {
  const page = meshFormats.html(attacked);
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/\b(?:src|href)="(?!#)/);
  expect(page).not.toMatch(/@import|url\((?!#)|\bfetch\(/);
});

it('lets no name break a drawing', () => {
  const mermaid = meshToMermaid(attacked).split('\n');
  for (const line of mermaid) expect(line).toMatch(/^(?:%% .*|flowchart LR| {2}.*|)$/);
  expect(mermaid.filter((line) => line.includes('onerror=alert(1)') && !line.startsWith('%% '))).toEqual([]);
  const dot = meshToDot(attacked);
  const texts = dot.replace(/^\/\/ .*$/gm, '').replace(/"(?:\\.|[^"\\])*"/g, '""');
  expect(texts).not.toContain('img');
  expect(texts).toMatch(/^\n*digraph access \{\n[\s\S]*\}\n$/);
});

it('draws each call once, from the caller to whom it may call', () => {
  const report = { ...nothing, workloads: [workload('shop', 'web', ['edge/public', 'edge/public'])] };
  expect(meshToMermaid(report)).toBe(`%% access in mesh; arrows lead from callers to whom they may call
flowchart LR
  subgraph g0 ["edge"]
    n0["public"]
  end
  subgraph g1 ["shop"]
    n1["web"]
  end
  n0 -.->|"ztunnel"| n1
`);
  expect(meshToDot(report)).toContain('"edge/public" -> "shop/web" [style=dashed, label="ztunnel"];');
});

it('draws namespaces where there are too many calls, and says so', () => {
  const many = Array.from({ length: mostEdges + 1 }, (_, index) => workload('shop', `web-${index}`, ['edge/public']));
  const report = { ...nothing, workloads: many };
  expect(graphOf(report)).toMatchObject({
    isByNamespace: true,
    calls: mostEdges + 1,
    edges: [{ from: 'namespace edge', to: 'namespace shop' }],
  });
  expect(meshToMermaid(report)).toContain(`%% ${mostEdges + 1} calls are more than ${mostEdges}`);
});
