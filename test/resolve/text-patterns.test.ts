import { describe, expect, it } from 'vitest';
import { matchesText, textMatcher } from '../../src/mesh/policies/matcher.js';
import { isTemplate } from '../../src/mesh/policies/path-template.js';
import { areApart, coversText } from '../../src/resolve/text-patterns.js';

const patterns = ['*', '/*', '/a*', '/a', '/a/*', '/a/b', '*b', '*/b', '/b/*', '/a/{*}', '/a/{**}/b', '/{*}'];

/** Every path of up to three segments of these texts. */
const texts = [
  '/',
  ...['a', 'b', 'ab'].flatMap((first) => [
    `/${first}`,
    ...['a', 'b'].flatMap((next) => [`/${first}/${next}`, `/${first}/${next}/b`]),
  ]),
];

function matches(pattern: string, text: string): boolean {
  const matcher = isTemplate(pattern) ? ({ kind: 'template', value: pattern } as const) : textMatcher(pattern);
  return matchesText(matcher, text);
}

const pairs = patterns.flatMap((left) => patterns.map((right) => [left, right] as const));

describe('patterns of texts', () => {
  it.each(pairs)('%s covers %s only where it matches all that the other does', (wide, narrow) => {
    if (!coversText('paths', wide, narrow)) return;
    expect(texts.filter((text) => matches(narrow, text) && !matches(wide, text))).toEqual([]);
  });

  it.each(pairs)('%s is apart from %s only where no text is matched by both', (left, right) => {
    if (!areApart('paths', left, right)) return;
    expect(texts.filter((text) => matches(left, text) && matches(right, text))).toEqual([]);
  });

  it('sees what is plain to see', () => {
    const seen = pairs.filter(([wide, narrow]) => coversText('paths', wide, narrow)).map((pair) => pair.join(' > '));
    expect(seen).toEqual(expect.arrayContaining(['/* > /a/{*}', '/a* > /a', '/a* > /a/*', '*b > */b', '*b > /a/b']));
    const apart = pairs.filter(([left, right]) => areApart('paths', left, right)).map((pair) => pair.join(' | '));
    expect(apart).toEqual(expect.arrayContaining(['/a/* | /b/*', '/a | /a/b', '/b/* | /a/{*}', '/a | *b']));
    expect(coversText('hosts', '*.Example.com', 'a.example.com')).toBe(true);
    expect(coversText('headers', 'A*', 'abc')).toBe(false);
  });
});
