import { describe, expect, it } from 'vitest';
import { deploy } from '../../src/mesh/deployed.js';
import { compile, type OutputFile, verify } from '../../src/pipeline.js';
import { proveOutput } from '../../src/proof/prove-output.js';
import { goldenCases } from '../support/cases.js';
import { subjectOf } from '../support/mutants/subject.js';

const [golden] = goldenCases().filter(({ name }) => name === 'traffic/external-weights-at-gateway');

/** What is said of the output once something in it is otherwise. */
function saidWith(change: (text: string) => string): readonly string[] {
  if (golden === undefined) throw new Error('the case is gone');
  const { files } = compile(golden.sources, golden.options);
  const applied: OutputFile[] = files.map((file) => ({ ...file, text: change(file.text) }));
  expect(applied.filter(({ text }, index) => text !== files[index]?.text)).toHaveLength(1);
  const { diagnostics } = verify(golden.sources, { ...golden.options, applied });
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

/** What the compiler would say of its own output with something otherwise. */
function saidOfOwn(change: (text: string) => string): readonly string[] {
  if (golden === undefined) throw new Error('the case is gone');
  const subject = subjectOf(golden.name, golden.sources, golden.options.today);
  if (subject === undefined) throw new Error('the case does not compile');
  const { files } = compile(golden.sources, golden.options);
  const changed = files.map((file) => ({ ...file, text: change(file.text) }));
  const deployed = deploy(subject.resolved.topology.mesh, subject.given, changed).value;
  return proveOutput(subject.resolved, deployed, 'just written').diagnostics.flatMap(({ severity, message }) =>
    severity === 'error' ? [message] : [],
  );
}

const weighted = (stable: number, next: number) => (text: string) =>
  text.replace('weight: 1\n', `weight: ${stable}\n`).replace('weight: 0\n', `weight: ${next}\n`);

describe('the proof of weights that a rollout controller changes', () => {
  it('holds whatever the controller has made of them', () => {
    expect(saidWith(weighted(60, 40))).toEqual([]);
    expect(saidWith(weighted(0, 100))).toEqual([]);
  });

  it('does not hold where the route leads elsewhere, whatever the weight', () => {
    const [said] = saidWith((text) =>
      text.replace(/ {4}- group: ""\n {6}kind: Service\n {6}name: shop-next\n.*\n.*\n/, ''),
    );
    expect(said).toContain('destination books/shop-v1:8080, not books/shop-v1:8080 (any share) and books/shop-v2:8080');
  });

  it('does not hold where nothing says that they change', () => {
    const [said] = saidWith((text) => text.replace(/.*ambit.dev\/weights.*\n/, ''));
    expect(said).toContain('destination books/shop-v1:8080, not books/shop-v1:8080 (any share) and books/shop-v2:8080');
  });

  it('holds of what was just written only with the weights to start with', () => {
    expect(saidOfOwn(weighted(1, 0))).toEqual([]);
    const [said] = saidOfOwn(weighted(60, 40));
    expect(said).toContain(
      'start weights books/shop-v1:8080 (60 %) and books/shop-v2:8080 (40 %), not books/shop-v1:8080 and books/shop-v2:8080 (0 %)',
    );
  });

  it('does not hold where no version has any weight', () => {
    expect(saidWith(weighted(0, 0))).not.toEqual([]);
  });
});
