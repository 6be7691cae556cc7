import { expect, it } from 'vitest';
import { areAnsweredAlike, type Question, watched } from '../../src/util/watched.js';

const item = {};
const asked = () => ({
  name: 'a',
  list: [item],
  index: new Map([['one', [item]]]),
  known: new Set(['one']),
  inner: { name: 'b' },
  length: (text: string) => text.length,
});
type Asked = ReturnType<typeof asked>;

function questionsOf(ask: (each: Asked) => unknown): readonly Question[] {
  const questions: Question[] = [];
  ask(watched(asked(), ['inner'], (question) => questions.push(question)));
  return questions;
}

it.each<[string, (each: Asked) => unknown, unknown]>([
  ['a property', ({ name }) => name, 'a'],
  ['a property of what is opened', ({ inner }) => inner.name, 'b'],
  ['a function', ({ length }) => length('abc'), 3],
  ['a key of a map', ({ index }) => index.get('one'), [item]],
  ['a key of a set', ({ known }) => known.has('two'), false],
  ['all of a map', ({ index }) => [...index.keys()], ['one']],
  ['all of a set', ({ known }) => [...known], ['one']],
  ['the size of a map', ({ index }) => index.size, 1],
])('answers about %s, and holds for whoever answers alike', (_, ask, answer) => {
  expect(ask(watched(asked(), ['inner'], () => {}))).toEqual(answer);
  expect(areAnsweredAlike(questionsOf(ask), asked())).toBe(true);
});

it.each<[string, (each: Asked) => unknown, Partial<Asked>, boolean]>([
  ['a property that is another', ({ name }) => name, { name: 'b' }, false],
  ['a property that nobody asked for', ({ inner }) => inner.name, { name: 'b' }, true],
  ['a list with another thing in it', ({ list }) => list, { list: [{}] }, false],
  ['a longer list', ({ list }) => list, { list: [item, item] }, false],
  ['a function that answers otherwise', ({ length }) => length('abc'), { length: () => 0 }, false],
  [
    'another key of a map',
    ({ index }) => index.get('one'),
    {
      index: new Map([
        ['one', [item]],
        ['two', []],
      ]),
    },
    true,
  ],
  ['the key that was looked up', ({ index }) => index.get('one'), { index: new Map([['one', [{}]]]) }, false],
  ['a key that was not there', ({ known }) => known.has('two'), { known: new Set(['two']) }, false],
  [
    'a key more in a map that was gone through',
    ({ index }) => [...index],
    {
      index: new Map([
        ['one', [item]],
        ['two', []],
      ]),
    },
    false,
  ],
  ['a value that was gone through', ({ index }) => [...index.values()], { index: new Map([['one', [{}]]]) }, false],
])('notices %s', (_, ask, change, expected) => {
  expect(areAnsweredAlike(questionsOf(ask), { ...asked(), ...change })).toBe(expected);
});
