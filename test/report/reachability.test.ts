import { describe, expect, it } from 'vitest';
import { compile } from '../../src/pipeline.js';
import { knownForPrograms, knownToText } from '../../src/report/reachability.js';
import { goldenCases } from '../support/cases.js';

function provedIn(name: string) {
  const found = goldenCases().find((each) => each.name === `traffic/${name}`);
  const { proof } = compile(found?.sources ?? [], found?.options);
  if (proof === undefined) throw new Error(`nothing is proved of ${name}`);
  return proof.reachability;
}

describe('what sidecars know', () => {
  const proof = provedIn('reachability-of-namespace');

  it('is told with what it saves, what is hidden and why the rest is known', () => {
    expect(knownToText(proof, 200, 'list')).toEqual([
      'sidecars of namespace lending in east know 4 of 6 hosts: 7 of 11 clusters of Envoy',
      '  of which nobody is kept out: archive/catalogues.example.org, depot/scanner.depot.svc.cluster.local',
      '  no longer archive/papers.archive.svc.cluster.local, lending/desk.lending.svc.cluster.local; what is sent to them leaves the pod in plaintext',
    ]);
  });

  it('is told of the first scopes alone, and where the rest is', () => {
    const known = Array.from({ length: 6 }, () => proof.known).flat();
    expect(knownToText({ known }, 200, 'ambit compile --check -o json').at(-1)).toBe(
      'and 2 more: `ambit compile --check -o json` lists all',
    );
  });

  it('is listed in full for programs', () => {
    const [first] = knownForPrograms(proof).known;
    expect(first).toMatchObject({
      intent: 'lending-knows',
      namespace: 'lending',
      workloads: ['desk', 'loans'],
      before: { hosts: 6, ports: 11 },
      after: { hosts: 4, ports: 7 },
      hidden: ['archive/papers.archive.svc.cluster.local', 'lending/desk.lending.svc.cluster.local'],
    });
  });

  it('goes nowhere where the mesh has it so', () => {
    const said = knownToText(provedIn('reachability-in-place-of-root-sidecar'), 200, 'list');
    expect(said.join('\n')).toContain('what is sent to them goes nowhere');
  });
});
