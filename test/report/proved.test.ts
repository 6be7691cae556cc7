import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { isDoubt } from '../../src/diagnostics/doubts.js';
import { type CompileResult, compile, verify } from '../../src/pipeline.js';
import { proofForPrograms } from '../../src/report/proof.js';
import { type Proved, provedOf } from '../../src/report/proved.js';
import { type Case, goldenCases } from '../support/cases.js';

/** Whether it tells of something that a proof has found to be otherwise than the intents say. */
function isOtherwise({ code, name, severity }: Diagnostic): boolean {
  if (name === 'existing-policy-refuses' || name === 'network-policy-stops-default') return true;
  return severity === 'error' && /^AMB(?:3143|4004|4005|500[238]|51\d\d)$/.test(code);
}

type Judged = Pick<CompileResult, 'diagnostics' | 'proof' | 'tests' | 'accepted'>;

function judged({ command, sources, options, applied }: Case): Judged {
  if (command === 'compile') return compile(sources, options);
  return { ...verify(sources, { ...options, ...(applied.length > 0 && { applied }) }), tests: [] };
}

function countIn(proved: Proved, outcome: 'undecided' | 'refuted'): number {
  const { guardrails: _, ...others } = proved;
  return Object.values(others)
    .map((each): number => Reflect.get(Object(each), outcome) ?? 0)
    .reduce((sum, each) => sum + each);
}

describe('what a message says is otherwise, or not known, counts as no proof', () => {
  const cases = [
    ...goldenCases('verify'),
    ...goldenCases().filter(({ name }) => /^(?:diagnostics\/AMB(?:314|4|5)|proof\/)/.test(name)),
  ];
  const proofs = cases.flatMap((each) => {
    const { proof, ...result } = judged(each);
    return proof === undefined ? [] : [[each.name, { ...result, proof }] as const];
  });

  it.each(proofs)('%s', (_, result) => {
    const found = [...result.diagnostics, ...result.accepted.map(({ diagnostic }) => diagnostic)];
    const proved = provedOf(result);
    if (proved === undefined) throw new Error('there is a proof');
    const counted = (['refuted', 'undecided'] as const).map((outcome) => countIn(proved, outcome) > 0);
    expect(counted).toEqual([found.some(isOtherwise), found.some(isDoubt)]);
    expect(proofForPrograms(result.proof).proved).toBe(!counted.includes(true));
  });

  it('is seen of each sort of message', () => {
    const codes = new Set(
      proofs
        .flatMap(([, { diagnostics }]) => diagnostics)
        .filter((each) => isOtherwise(each) || isDoubt(each))
        .map(({ code }) => code),
    );
    expect(codes.size).toBeGreaterThan(25);
  });
});
