import { expect, it } from 'vitest';
import { newMemory, type Recall } from '../../src/util/memory.js';

const [one, other] = [{}, {}];

/** What is computed while a run recalls places. */
function computedIn(recall: Recall, run: (ask: <V>(place: string, input: unknown, value: () => V) => V) => void) {
  const computed: string[] = [];
  run((place, input, value) =>
    recall('value', place, [input], () => {
      computed.push(place);
      return value();
    }),
  );
  return computed;
}

it('computes a value again where an input is another', () => {
  const { recall } = newMemory();
  const values = [one, one, other, one].map((input) => recall('a', '', [input], () => ({})));
  expect(values[1]).toBe(values[0]);
  expect(values[2]).not.toBe(values[0]);
  expect(values[3]).toBe(values[0]);
});

it('forgets a value at the end of the whole run that computed another one of its place', () => {
  const memory = newMemory();
  const ask = (input: object) => computedIn(memory.recall, (asking) => asking('a', input, () => 1));
  expect(ask(one)).toEqual(['a']);
  memory.endRun();
  expect(ask(other)).toEqual(['a']);
  expect(ask(one)).toEqual([]);
  memory.endRun();
  expect(ask(one)).toEqual([]);
  memory.endRun();
  expect(ask(other)).toEqual([]);
  expect(ask({})).toEqual(['a']);
  memory.endRun();
  expect(ask(one)).toEqual(['a']);
});

it('forgets after a while what no whole run asks for', () => {
  const memory = newMemory();
  const ask = () => computedIn(memory.recall, (asking) => asking('a', one, () => 1));
  expect(ask()).toEqual(['a']);
  for (let run = 0; run < 20; run++) {
    memory.endRun();
    expect(ask()).toEqual([]);
  }
  for (let run = 0; run < 20; run++) memory.endRun();
  expect(ask()).toEqual(['a']);
});

it('forgets nothing after a run that broke off, and does not grow for ever where all do', () => {
  const memory = newMemory();
  const ask = (input: object) => computedIn(memory.recall, (asking) => asking('a', input, () => 1));
  ask(one);
  memory.endRun();
  ask(other);
  for (let run = 0; run < 10; run++) memory.endRun(false);
  expect(ask(one)).toEqual([]);
  for (let run = 0; run < 1000; run++) memory.endRun(false);
  expect(ask(one)).toEqual(['a']);
});

it('keeps the parts of a value for as long as the value, though nobody asks for them', () => {
  const memory = newMemory();
  const ask = (input: object) =>
    computedIn(memory.recall, (asking) =>
      asking('whole', input, () => asking('part', one, () => asking('part of the part', one, () => 1))),
    );
  expect(ask(one)).toEqual(['whole', 'part', 'part of the part']);
  for (let run = 0; run < 20; run++) {
    memory.endRun();
    expect(ask(one)).toEqual([]);
  }
  memory.endRun();
  expect(ask(other)).toEqual(['whole']);
});

it('goes on after a value that could not be computed', () => {
  const { recall } = newMemory();
  const fail = () =>
    recall('whole', '', [], () => {
      recall('part', '', [], () => 1);
      throw new Error('no value');
    });
  expect(fail).toThrow('no value');
  expect(recall('whole', '', [], () => 2)).toBe(2);
});
