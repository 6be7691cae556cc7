import { describe, expect, it } from 'vitest';
import { readComments } from '../../src/parse/read-comments.js';
import { readYaml } from '../../src/parse/read-yaml.js';
import { spanText, underlined } from '../support/marked-text.js';

function read(text: string) {
  const file = { path: 'manifests.yaml', text };
  return readComments(file, readYaml(file, 'manifest').value);
}

/** What each comment stands for, as text. */
function places(text: string): readonly string[] {
  const { value, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  return value.map(({ where }) => (where.kind === 'text' ? spanText(where.span) : where.kind));
}

const accept = '# ambit: accept AMB5301 until 2027-01-31 because it goes';

describe('what a comment says', () => {
  it('is codes, a last day, an owner and a reason', () => {
    const { value } = read(
      'spec: 1 # ambit: accept AMB5301, AMB5302 until 2027-01-31 by the platform team because it goes, by then\n',
    );
    expect(
      value.map(({ what, until, reason, owner, writtenIn, span }) => ({
        what,
        until: until?.value,
        reason,
        owner,
        writtenIn,
        text: spanText(span),
      })),
    ).toEqual(
      ['AMB5301', 'AMB5302'].map((what) => ({
        what,
        until: '2027-01-31',
        reason: 'it goes, by then',
        owner: 'the platform team',
        writtenIn: 'comment',
        text: what,
      })),
    );
  });

  it('may be written with the word of other tools', () => {
    expect(read('spec: 1 # ambit: ignore AMB5301 until 2027-01-31 because it goes\n').value).toHaveLength(1);
  });

  it.each([
    ['# ambit:', '', 'it is empty'],
    ['# ambit: acept AMB5301 until 2027-01-31 because x', 'acept', '`acept` is none of its words'],
    ['# ambit: accept until 2027-01-31 because x', 'until', 'it names no code'],
    ['# ambit: accept', 'accept', 'it names no code'],
    ['# ambit: accept AMB5301 because x', 'accept AMB5301 because x', 'it has no last day'],
    ['# ambit: accept AMB5301 until 2027-01-31', 'accept AMB5301 until 2027-01-31', 'it gives no reason'],
    ['# ambit: accept AMB5301 until 2027-01-31 because', 'because', 'nothing stands after `because`'],
    ['# ambit: accept AMB5301 until', 'until', 'nothing stands after `until`'],
    ['# ambit: accept AMB5301 utnil 2027-01-31 because x', 'utnil', '`utnil` is none of its words'],
    ['# ambit: accept AMB5301 2027-01-31 because x', '2027-01-31', '`2027-01-31` is none of its words'],
    [
      '# ambit accept AMB5301 until 2027-01-31 because x',
      '# ambit accept AMB5301 until 2027-01-31 because x',
      'no colon',
    ],
    ['# ambit-ignore AMB5301', '# ambit-ignore AMB5301', 'no colon stands after `ambit`'],
  ])('is a fault where it cannot be read: %s', (comment, text, why) => {
    const { value, diagnostics } = read(`${comment}\nspec: 1\n`);
    expect(value).toEqual([]);
    expect(underlined(diagnostics).map(([name, found]) => [name, found.trim()])).toEqual([['malformed-comment', text]]);
    expect(diagnostics[0]?.message).toContain(why);
  });

  it('suggests the word that was meant', () => {
    expect(read('# ambit: acept AMB5301 until x because y\na: 1\n').diagnostics[0]?.help).toBe(
      'did you mean `accept`?',
    );
    expect(read('# ambit: accept AMB5301 utnil x because y\na: 1\n').diagnostics[0]?.help).toBe(
      'did you mean `until`?',
    );
  });

  it.each([
    '# ambit compiles this',
    '# the ambit: wide',
    'a: "# ambit: accept"',
    'a: b# ambit: accept',
    '# ambition: x',
  ])('is nothing where no comment speaks to Ambit: %s', (text) => {
    expect(read(`${text}\nspec: 1\n`)).toEqual({ value: [], diagnostics: [] });
  });

  it.each([`spec: |\n  one\n  ${accept}\n  two\n`, `spec: "one\n  ${accept}\n  two"\n`, `{ "spec": "${accept}" }\n`])(
    'is nothing within a text',
    (text) => {
      expect(read(text)).toEqual({ value: [], diagnostics: [] });
    },
  );
});

describe('what a comment stands for', () => {
  it('is the field or item that begins on the next line, to its end', () => {
    const text = `kind: A
spec:
  ${accept}
  rules:
  - to: 1
  ${accept}

  # and another comment
  - from:
      who: 2
    to: 3
  - to: 4
`;
    expect(places(text)).toEqual([
      text.slice(text.indexOf('  rules:')).trimEnd(),
      '  - from:\n      who: 2\n    to: 3',
    ]);
  });

  it('is what begins on its own line, where it stands behind something', () => {
    const text = `kind: A
spec:
  one: 1 ${accept}
  rules: ${accept}
  - to: 1
    from: 2
  two: [1, 2] ${accept}
`;
    expect(places(text)).toEqual([
      `  one: 1 ${accept}`,
      `  rules: ${accept}\n  - to: 1\n    from: 2`,
      `  two: [1, 2] ${accept}`,
    ]);
  });

  it('is the whole object where that begins', () => {
    const object = 'kind: A\nspec: 1\n';
    expect(places(`${accept}\n${object}`)).toEqual([`${accept}\n${object}`]);
    expect(places(`---\n${accept}\n---\n${object}---\nkind: B\n`)).toEqual([object]);
    const [item] = places(`kind: List\nitems:\n${accept}\n- kind: A\n  spec: 1\n- kind: B\n`);
    expect(item).toBe('- kind: A\n  spec: 1');
  });

  it('does not depend on how lines end', () => {
    expect(places(`kind: A\r\n${accept}\r\nspec:\r\n  a: 1\r\nb: 2\r\n`)).toEqual(['spec:\r\n  a: 1']);
  });

  it('has to be something', () => {
    const { value, diagnostics } = read(`kind: A\n${accept}\n`);
    expect(value).toEqual([]);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'this comment accepts nothing: it stands above nothing',
    ]);
  });
});
