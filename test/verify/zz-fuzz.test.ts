import * as fc from 'fast-check';
import { it } from 'vitest';
import { parseSources } from '../../src/parse/parse-sources.js';
import { compile } from '../../src/pipeline.js';
import { resolve } from '../../src/resolve/resolve.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { proveOutput } from '../../src/verify/prove-output.js';
import { describeRequest } from '../../src/verify/request.js';
import { smallProject } from '../support/generate.js';

it('x', () => {
  const n = Number(process.env.N ?? 300);
  const seen = new Map<string, number>();
  let compiled = 0,
    bad = 0,
    thrown = new Map<string, number>(),
    codes = new Map<string, number>();
  for (const p of fc.sample(smallProject, { seed: Number(process.env.SEED ?? 1), numRuns: n })) {
    const _cluster = /name: (\w+)/;
    const sources = [
      { path: 'ambit.yaml', text: p.meshText },
      { path: 'manifests.yaml', text: p.manifestsText },
      { path: 'intents.yaml', text: p.intentsText },
    ];
    let result;
    try {
      result = compile(sources, { today: '2026-06-01', provenance: 'none', verify: false } as never);
    } catch (e) {
      thrown.set((e as Error).message, 1 + (thrown.get((e as Error).message) ?? 0));
      continue;
    }
    const errors = result.diagnostics.filter((d) => d.severity === 'error');
    for (const c of new Set(errors.map((e) => e.code))) codes.set(c, 1 + (codes.get(c) ?? 0));
    if (errors.length > 0) continue;
    compiled++;
    try {
      const { intents, mesh, objects } = parseSources(sources).value;
      const topology = buildTopology(mesh, objects).value;
      const resolved = resolve(intents, topology, '2026-06-01').value;
      const { value: proof } = proveOutput({ resolved, given: objects, files: result.files });
      if (proof.differences.length === 0) {
        if (proof.doubts.length) seen.set(`doubt ${proof.doubts.map((d) => d.fact).join()}`, 1);
        continue;
      }
      bad++;
      const d0 = proof.differences[0]!;
      const key = `${d0.kind} ${d0.decision.because.replace(/[\w-]+\/[\w-]+/g, 'X')} | ${d0.cause.says.replace(/`.*`/, 'Y')} | ${d0.decision.request.source.kind} ${d0.decision.request.destination.kind} ${d0.demand.workload.mode.plane}`;
      if (!seen.has(key)) {
        console.log(
          '=====',
          key,
          '\n',
          describeRequest(d0.decision.request),
          d0.decision.request.source.ip,
          '|',
          d0.requests,
          '\n',
          d0.decision.because,
          '\n',
          d0.cause.says,
        );
        if (process.env.SHOW && !key.includes('mutual TLS'))
          console.log(p.intentsText, p.manifestsText, result.files.map((f) => f.text).join('---\n'));
      }
      seen.set(key, 1 + (seen.get(key) ?? 0));
    } catch (e) {
      const m = (e as Error).message;
      if (!thrown.has(m)) console.log((e as Error).stack?.slice(0, 900));
      thrown.set(m, 1 + (thrown.get(m) ?? 0));
    }
  }
  console.log({ n, compiled, bad }, seen, thrown, codes);
}, 600000);
