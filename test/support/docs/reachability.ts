import { type Narrowing, narrowing } from '../../../src/dataplanes/reachability.js';
import { type ClusterSettings, istioVersions } from '../../../src/parse/mesh.js';
import { compile } from '../../../src/pipeline.js';
import { goldenCases } from '../cases.js';
import { withCase } from './golden-case.js';

const points: ReadonlyArray<Narrowing['point']> = ['sidecar', 'ztunnel', 'waypoint', 'gateway'];

/** What settings say of what proxies know, as a reader looks for it. */
export const reachabilityRows = ['`reachability: Declared`', '`reaches: […]`'] as const;

/** By row: the golden case in which a Sidecar is written for it; and the one in which no Sidecar is for the pods. */
export function reachabilityEvidence(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const note = (key: string, name: string) => found.set(key, found.get(key) ?? name);
  for (const { name, sources, options } of goldenCases()) {
    if (!/^(?:traffic\/reach|diagnostics\/AMB2112)/.test(name)) continue;
    const { placed, ir, diagnostics } = compile(sources, { ...options, verify: false });
    if (diagnostics.some(({ code, message }) => code === 'AMB2112' && message.includes('has a sidecar')))
      note('ztunnel', name);
    if ((placed?.sidecars ?? []).length === 0) continue;
    for (const { isDeclared, reaches } of ir?.reachability ?? []) {
      if (isDeclared) note(reachabilityRows[0], name);
      if (reaches.length > 0) note(reachabilityRows[1], name);
    }
  }
  return found;
}

const introduction = `## What proxies know of the mesh

Only sidecars can be told to know less than all that is exported to their namespace.

How it was confirmed: Envoy was asked what becomes of requests of sidecars whose Sidecar lists some hosts.

`;

/** The last table of docs/traffic.md. */
export function reachabilityTable(): string {
  const evidence = reachabilityEvidence();
  const rows = reachabilityRows.map((row) => [
    row,
    ...points.map((point) => cellOf(point, evidence.get(point === 'sidecar' ? row : point))),
  ]);
  const head = ['Asked for', ...points];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${introduction}${lines.join('\n')}\n`;
}

function cellOf(point: Narrowing['point'], golden: string | undefined): string {
  const rows = istioVersions.map((version) => ({
    version,
    row: narrowing(point, { istio: { version } } as unknown as ClusterSettings),
  }));
  const distinct = [...new Set(rows.map(({ row }) => row))];
  const texts = distinct.map((row) => {
    if (row.form !== undefined) return withCase(row.form, golden);
    const since = row.since === undefined ? '' : `, from ${row.since} on`;
    return `${withCase('nothing', golden)}${since}: ${row.because}`;
  });
  return texts.join('; ');
}
