import { segmentCharacter, templateParts } from '../../mesh/policies/path-template.js';
import { oncePer } from '../../util/once.js';
import type { Literal, Searcher } from './machine.js';
import { numbering } from './numbering.js';

/** A place in one template or several that begin alike. */
interface Place {
  /** What may be taken here again and again: what the operator that ends here takes. */
  readonly takes: 'nothing' | 'segment' | 'rest';
  readonly after: Map<string, number>;
  /** Where `{*}` leads, once it has taken a character. */
  segment: number | undefined;
  /** Where `{**}` leads, which may take nothing. */
  rest: number | undefined;
  readonly ends: number[];
}

/** Looks for all templates at once. A state is the set of places that are possible. */
export function templateMachine(templates: readonly Literal[]): Searcher {
  const places = placesOf(templates);
  const sets: Array<readonly number[]> = [];
  const stateOf = numbering(
    (set: readonly number[]) => set.join(),
    (set) => sets.push(set),
  );
  const ends: Array<readonly number[]> = [];
  const foundOf = numbering(
    (list: readonly number[]) => list.join(),
    (list) => ends.push(list),
  );
  const at = (state: number) => (sets[state] ?? []).flatMap((index) => places[index] ?? []);
  stateOf(withSkipped(places, [0]));
  const step = (state: number, character: string) =>
    stateOf(
      withSkipped(
        places,
        (sets[state] ?? []).flatMap((place) => advance(places, place, character)),
      ),
    );
  const stepsFrom = oncePer((state: number) => oncePer((character: string) => step(state, character)));
  return {
    step: (state, character) => stepsFrom(state)(character),
    specials: (state) => [...at(state).flatMap(({ after }) => [...after.keys()]), '/'],
    found: oncePer((state: number) => foundOf(at(state).flatMap((place) => place.ends))),
    matchers: (found) => ends[found] ?? [],
  };
}

function placesOf(templates: readonly Literal[]): readonly Place[] {
  const places: Place[] = [];
  const add = (takes: Place['takes']) => {
    return places.push({ takes, after: new Map(), segment: undefined, rest: undefined, ends: [] }) - 1;
  };
  add('nothing');
  for (const { text, index } of templates) {
    let at = 0;
    for (const part of templateParts(text)) {
      const here = (): Place | undefined => places[at];
      if (part.kind === 'literal') {
        for (const character of part.text) {
          const next = here()?.after.get(character) ?? add('nothing');
          here()?.after.set(character, next);
          at = next;
        }
      } else {
        const place = here();
        const next = place?.[part.kind] ?? add(part.kind);
        if (place !== undefined) place[part.kind] = next;
        at = next;
      }
    }
    places[at]?.ends.push(index);
  }
  return places;
}

/** `{**}` may take nothing at all. */
function withSkipped(places: readonly Place[], reached: readonly number[]): readonly number[] {
  const all = new Set(reached);
  for (const index of all) {
    const rest = places[index]?.rest;
    if (rest !== undefined) all.add(rest);
  }
  return [...all].sort((left, right) => left - right);
}

function advance(places: readonly Place[], index: number, character: string): readonly number[] {
  const place = places[index];
  if (place === undefined) return [];
  const { takes, after, segment } = place;
  const isOfSegment = segmentCharacter.test(character);
  const next = [after.get(character), isOfSegment ? segment : undefined];
  const stays = takes !== 'nothing' && (isOfSegment || (takes === 'rest' && character === '/'));
  return [...next.flatMap((each) => each ?? []), ...(stays ? [index] : [])];
}
