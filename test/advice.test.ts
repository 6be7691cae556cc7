import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import type { Diagnostic } from '../src/diagnostics/diagnostic.js';
import { compile, type Source } from '../src/pipeline.js';
import { type Case, goldenCases } from './support/cases.js';

/** What a help line asks to write in place of what it points at; `undefined` where it asks for something else. */
function replacementOf({ help, span }: Diagnostic): string | undefined {
  const alone = /^(?:write|did you mean) `([^`]+)`(?:\?|, with the quotes)?$/.exec(help ?? '')?.[1];
  return span === null ? undefined : alone;
}

/** The gap that a help line offers to accept. */
function acceptanceOf({ help }: Diagnostic): string | undefined {
  return /`accept: \[\{ path: (\w+), until: …, reason: … \}\]`/.exec(help ?? '')?.[1];
}

interface Advised {
  readonly golden: Case;
  readonly found: Diagnostic;
  readonly advice: string;
  readonly name: string;
}

const found = goldenCases().flatMap((golden) => {
  const { diagnostics } = golden.expect.length === 0 ? { diagnostics: [] } : compile(golden.sources, golden.options);
  return diagnostics.map((each) => ({ golden, found: each }));
});

function advisedBy(adviceOf: (found: Diagnostic) => string | undefined): Advised[] {
  return found.flatMap((each) => {
    const advice = adviceOf(each.found);
    const name = `${each.golden.name} ${each.found.code} at ${each.found.span?.start}`;
    return advice === undefined ? [] : [{ ...each, advice, name }];
  });
}

describe('a value that a help line proposes is accepted where it is written', () => {
  const cases = advisedBy(replacementOf);

  it('is proposed somewhere', () => expect(cases.length).toBeGreaterThan(30));

  it.each(cases)('$name: $advice', ({ golden, advice, found: { code, span } }) => {
    const sources = golden.sources.map((source) =>
      source.path === span?.file.path ? replaced(source, span, advice) : source,
    );
    const again = compile(sources, golden.options).diagnostics;
    expect(again.filter((each) => each.code === code && each.span?.start === span?.start)).toEqual([]);
  });
});

function replaced(source: Source, { start, end }: NonNullable<Diagnostic['span']>, value: string): Source {
  // A proposal is what the value reads as, whatever quotes it needs.
  const written = value.startsWith('"') ? value : /^[\w/.-]+$/.test(value) ? value : JSON.stringify(value);
  return { ...source, text: source.text.slice(0, start) + written + source.text.slice(end) };
}

describe('a gap that a help line offers to accept is accepted', () => {
  const cases = advisedBy(acceptanceOf);

  it('is offered somewhere', () => expect(cases.length).toBeGreaterThan(10));

  it.each(cases)('$name: $advice', ({ golden, advice: path, found: { code } }) => {
    const sources = golden.sources.map((source) =>
      source.path.startsWith('intents') ? { ...source, text: accepting(source.text, path) } : source,
    );
    const again = compile(sources, golden.options).diagnostics;
    expect(
      again.filter((each) => each.code === code && acceptanceOf(each) === path).map(({ message }) => message),
    ).toEqual([]);
  });
});

/** The same intents with the gap accepted on every rule and beside every setting. */
function accepting(text: string, path: string): string {
  const accept = { path, until: '2099-01-01', reason: 'as the help line says' };
  const add = (owner: { accept?: readonly object[] }) => {
    owner.accept = [...(owner.accept ?? []), accept];
  };
  return parseAllDocuments(text)
    .map((document) => {
      const value = document.toJS();
      const { authorization, mtls } = value.spec ?? {};
      for (const rule of [...(authorization?.allow ?? []), ...(authorization?.deny ?? []), ...(mtls?.plaintext ?? [])])
        add(rule);
      if (authorization?.default) add(authorization);
      if (mtls?.mode) add(mtls);
      return stringify(value);
    })
    .join('---\n');
}
