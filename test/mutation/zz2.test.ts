import { it } from 'vitest';
import { proveOutput } from '../../src/verify/prove-output.js';
import { subjects } from '../support/mutants/subject.js';

it('x', () => {
  const s = subjects().find((x) => x.name === 'proof/clusters-of-one-mesh')!;
  for (const c of ['east', 'west']) {
    const r = proveOutput({
      resolved: s.resolved,
      given: s.given,
      files: s.emitted.filter((e) => !(e.path.startsWith(c) && e.path.includes('ledger-allow'))),
    });
    console.log(
      c,
      r.value.lanes,
      r.value.workloads,
      r.value.differences.length,
      r.value.differences.map((d) => d.requests + d.demand.workload.cluster),
      r.diagnostics.map((d) => d.message),
    );
  }
});
