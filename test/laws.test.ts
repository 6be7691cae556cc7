import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { citationsIn, citationsOf, citationText } from '../src/laws/citation.js';
import { filedLaws, findLaws } from '../src/laws/find-laws.js';
import { filesBelow } from './support/cases.js';

const root = new URL('../', import.meta.url).pathname;
/** Here citations are examples of themselves, also of false ones. */
const examples: ReadonlySet<string> = new Set(['test/laws.test.ts', 'test/cli/explain.test.ts', 'src/laws/README.md']);

const texts = ['src', 'docs', 'golden', 'examples', 'bench', 'test']
  .flatMap((folder) => filesBelow(join(root, folder)))
  .concat(join(root, 'README.md'))
  .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }))
  .filter(({ path }) => !examples.has(path));

/** The laws cite each other; that alone is no reason to keep one. */
const isOwn = (path: string) => path.startsWith('src/laws/') || path.startsWith('docs/laws/');

describe('the laws', () => {
  it('have an id of their own in their document', () => {
    const names = filedLaws.map(({ document, law }) => citationText({ document, id: law.id }));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.filter((name) => !/^istio-[a-z-]+ (?:§\d+(?:\.\d+)?|[A-Z]-\d\d[a-z]?)$/.test(name))).toEqual([]);
  });

  it('are found for every citation', () => {
    const lost = texts.flatMap(({ path, text }) =>
      citationsIn(text)
        .filter((citation) => findLaws(citation).length === 0)
        .map((citation) => `${path}: ${citationText(citation)}`),
    );
    expect([...new Set(lost)]).toEqual([]);
  });

  // A bare section belongs to istio-security, also behind a name of the other document.
  it('of which a section of istio-traffic-topology has its name each time', () => {
    const careless = /istio-traffic-topology [^§)\n]+, §\S+/g;
    expect(texts.flatMap(({ path, text }) => (text.match(careless) ?? []).map((match) => `${path}: ${match}`))).toEqual(
      [],
    );
  });

  it('are each cited somewhere', () => {
    const cited = texts.filter(({ path }) => !isOwn(path)).flatMap(({ text }) => citationsIn(text));
    const used = new Set(cited.flatMap(findLaws));
    expect(filedLaws.filter((filed) => !used.has(filed)).map(({ document, law }) => `${document} ${law.id}`)).toEqual(
      [],
    );
  });

  it('speak in sentences, of one thing each', () => {
    const faulty = filedLaws.flatMap(({ law: { title, statements } }) => [
      ...(/[.:]$/.test(title) ? [title] : []),
      ...statements.filter((text) => !/^\S[^\n]*\S[.:]$/.test(text) || text.split('`').length % 2 === 0),
    ]);
    expect(faulty).toEqual([]);
  });
});

describe('the page of a diagnostic', () => {
  const reported = texts
    .filter(({ path }) => path.startsWith('golden/') && path.endsWith('/diagnostics.txt'))
    .flatMap(({ text }) => text.split('\n\n'))
    .map((block) => ({
      code: /^\w+\[(AMB\d+)\]/.exec(block)?.[1],
      notes: block.match(/^ += (?:note|help): .*(?:\n {8,}[^\s=|-].*)*$/gm) ?? [],
    }));
  const codes = [...new Set(reported.flatMap(({ code }) => code ?? []))].sort();

  it.each(codes)(
    '%s cites the laws that its notes cite, so that `ambit explain` leads from one to the other',
    (code) => {
      const page = citationsIn(readFileSync(join(root, 'docs/diagnostics', `${code}.md`), 'utf8')).flatMap(findLaws);
      const cited = reported
        .filter((each) => each.code === code)
        .flatMap(({ notes }) => notes.flatMap(citationsIn))
        .filter((citation) => !findLaws(citation).every((law) => page.includes(law)));
      expect([...new Set(cited.map(citationText))]).toEqual([]);
    },
  );
});

describe('citations in a text', () => {
  it.each([
    ['istio-security §2.3', ['istio-security §2.3']],
    ['(§2.3, §4.5)', ['istio-security §2.3', 'istio-security §4.5']],
    ['istio-traffic-topology §4.2', ['istio-traffic-topology §4.2']],
    ['istio-traffic-topology\n * §4.2', ['istio-traffic-topology §4.2']],
    ['W-11 and I-01c', ['W-11', 'I-01c']],
    ['RFC 3986 §5.2.4, UTF-16, X-Y-10', []],
    ['istio#51445, ztunnel#1901 and #56505', ['istio#51445', 'ztunnel#1901', 'istio#56505']],
  ])('%j', (text, expected) => {
    expect(citationsIn(text).map(citationText)).toEqual(expected);
  });
});

describe('citations as people ask for them', () => {
  it.each([
    ['i-02', ['I-02']],
    ['istio-traffic-topology I-02', ['istio-traffic-topology I-02']],
    ['Istio-Security 2.3', ['istio-security §2.3']],
    ['(istio-security §3.1, §3.2)', ['istio-security §3.1', '§3.2']],
    ['§5.4 b', ['§5.4']],
    ['§ 7', ['§7']],
    ['#51445', ['istio#51445']],
    ['shop/I-02', []],
    ['2.3', []],
    ['', []],
  ])('%j', (question, expected) => {
    expect(citationsOf(question).map(citationText)).toEqual(expected);
  });

  it('a section that both documents have is found in both', () => {
    expect(findLaws({ id: '§4.2' }).map(({ document }) => document)).toEqual([
      'istio-security',
      'istio-traffic-topology',
    ]);
  });

  it('a chapter is all of its laws, and an issue those that rest on it', () => {
    expect(findLaws({ id: '§8' }).map(({ law }) => law.id)).toEqual(['§8.1', '§8.2', '§8.3', '§8.4']);
    expect(findLaws({ id: 'istio#51445' }).map(({ law }) => law.id)).toEqual(['§4.5', 'I-02']);
  });
});
