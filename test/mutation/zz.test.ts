import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { describeRequest } from '../../src/verify/request.js';
import { isWrong, judge, meshWith, tryOut } from '../support/mutants/judge.js';
import { mutantsOf } from '../support/mutants/mutation.js';
import { mutations } from '../support/mutants/mutations.js';
import { subjects } from '../support/mutants/subject.js';
import { gridOf, requestsOf, sizeOf } from '../support/reading/grid.js';

it('x', () => {
  const CAP = Number(process.env.CAP ?? 3000);
  const rows = new Map<string, Record<string, number>>();
  const out: string[] = [];
  const bad: string[] = [];
  for (const s of subjects()) {
    if (process.env.ONLY && !s.name.includes(process.env.ONLY)) continue;
    const t = Date.now();
    const base = judge(s, s.emitted);
    if (base.kind !== 'proved') {
      console.log('BASE', s.name, base.kind);
      if (base.kind !== 'doubted') continue;
    }
    const baseMesh = meshWith(s, s.emitted);
    const baseGrid = gridOf(s.resolved, baseMesh.topology.clusters, s.emitted);
    let k = 0,
      wrong = 0;
    const step = Math.max(1, Math.ceil(sizeOf(baseGrid) / CAP / 10));
    for (const r of requestsOf(baseGrid)) {
      if (k++ % step) continue;
      const tr = tryOut(s, baseMesh, r);
      if (isWrong(tr)) {
        if (wrong++ < 2)
          bad.push(
            `BASEWRONG ${s.name} ${describeRequest(r)} ip=${r.source.ip} ${tr.decision.verdict.kind} wanted ${tr.wanted}: ${tr.decision.because}`,
          );
      }
    }
    const ms = mutantsOf(s, mutations);
    if (Date.now() - t > 1000) console.log(s.name, sizeOf(baseGrid), Date.now() - t);
    const baseDoubts = base.kind === 'doubted' ? 1 : 0;
    for (const m of ms) {
      const row = rows.get(m.kind) ?? {};
      rows.set(m.kind, row);
      const add = (key: string) => {
        row[key] = (row[key] ?? 0) + 1;
      };
      const j = judge(s, m.files, baseDoubts);
      if (j.kind === 'refuted') {
        add('refuted');
        const mesh = meshWith(s, m.files);
        for (const d of j.differences) {
          const tr = tryOut(s, mesh, d.decision.request);
          if (!isWrong(tr))
            bad.push(
              `FALSEKILL ${s.name} | ${m.kind} | ${m.what} | ${d.kind} ${describeRequest(d.decision.request)} ip=${d.decision.request.source.ip} wanted ${tr.wanted} ${tr.decision.verdict.kind} ${tr.decision.because} | ${d.cause.says}`,
            );
        }
        continue;
      }
      if (j.kind !== 'proved') {
        add(j.kind);
        continue;
      }
      const mesh = meshWith(s, m.files);
      const grid = gridOf(s.resolved, mesh.topology.clusters, [...s.emitted, ...m.files]);
      const st = Math.max(1, Math.ceil(sizeOf(grid) / CAP)) | 1;
      let i = 0,
        differs = 0,
        wrongs = 0;
      for (const r of requestsOf(grid)) {
        if (i++ % st) continue;
        const tr = tryOut(s, mesh, r);
        if (isWrong(tr)) {
          if (wrongs++ < 1)
            bad.push(
              `MISSED ${s.name} | ${m.kind} | ${m.what} | ${describeRequest(r)} ip=${r.source.ip} ${tr.decision.verdict.kind} wanted ${tr.wanted} ${tr.decision.because}`,
            );
        }
        const b = tryOut(s, baseMesh, r);
        if (b.decision.verdict.kind !== tr.decision.verdict.kind) {
          if (!differs++)
            out.push(
              `OPEN ${s.name} | ${m.kind} | ${m.what} | ${describeRequest(r)} ip=${r.source.ip} ${b.decision.verdict.kind} -> ${tr.decision.verdict.kind}`,
            );
        }
      }
      add(wrongs ? 'missed' : differs ? 'open' : 'same');
    }
  }
  console.log([...rows].map(([k, r]) => `${k}: ${JSON.stringify(r)}`).join('\n'));
  writeFileSync('/tmp/v5-open.txt', out.join('\n'));
  writeFileSync('/tmp/v5-bad.txt', bad.join('\n'));
  console.log(bad.length, bad.slice(0, 30).join('\n'));
}, 6000000);
