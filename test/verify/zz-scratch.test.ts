import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { parseSources } from '../../src/parse/parse-sources.js';
import { compile } from '../../src/pipeline.js';
import { resolve } from '../../src/resolve/resolve.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { proveOutput } from '../../src/verify/prove-output.js';
import { describeRequest } from '../../src/verify/request.js';
import { filesBelow, goldenCases } from '../support/cases.js';

function project(directory: string) {
  const files = filesBelow(directory).filter((p) => p.endsWith('.yaml') && !p.includes('/deploy/'));
  return files.map((path) => {
    const cluster = /clusters\/([^/]+)\//.exec(path)?.[1];
    return { path, text: readFileSync(path, 'utf8'), ...(cluster && { cluster }) };
  });
}
it('x', () => {
  const cases = [
    ...goldenCases().map(({ name, sources, options }) => ({ name, sources, options })),
    ...['bank', 'bookshop', 'hybrid-shop'].map((n) => ({
      name: n,
      sources: project(join('examples', n)),
      options: { today: '2026-06-01', provenance: 'full' as const },
    })),
  ];
  let ok = 0;
  for (const { name, sources, options } of cases) {
    if (process.env.ONLY && !name.includes(process.env.ONLY)) continue;
    let result;
    try {
      result = compile(sources, { ...options, verify: false } as never);
    } catch (e) {
      console.log(name, 'COMPILE THROWS', (e as Error).message);
      continue;
    }
    if (result.files.length === 0 && result.diagnostics.some((d) => d.severity === 'error')) {
      if (process.env.ONLY) console.log(result.diagnostics.map((d) => d.code + d.message));
      continue;
    }
    try {
      const { intents, mesh, objects } = parseSources(sources).value;
      const topology = buildTopology(mesh, objects).value;
      const resolved = resolve(intents, topology, options.today).value;
      const { value: proof, diagnostics } = proveOutput({ resolved, given: objects, files: result.files });
      ok++;
      if (proof.differences.length + proof.doubts.length + diagnostics.length > 0 || process.env.ONLY)
        console.log(
          `${name}: ${proof.workloads} workloads, ${proof.lanes} lanes\n${proof.differences.map((d) => `   ${d.kind}: ${d.requests}\n      ${describeRequest(d.decision.request)} ip=${d.decision.request.source.ip}: ${d.decision.because} | ${d.cause.says} ${d.byExisting ? 'EXISTING' : ''}`).join('\n')}${proof.doubts.map((d) => `\n   doubt ${d.fact} ${d.isCrossing} ${d.demands.length}`).join('')}${diagnostics.map((d) => d.message).join('\n')}`,
        );
    } catch (e) {
      console.log(name, (e as Error).stack);
    }
  }
  console.log('compared', ok);
}, 600000);
