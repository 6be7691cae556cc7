import { all, type Bits, bitsWhere } from '../algebra/bits.js';
import type { Constants } from '../algebra/dimension.js';
import { boxSet, type RequestSet } from '../algebra/request-set.js';
import { mergeConstants, type Space } from '../algebra/space.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import { type Attribute, seenMatches } from '../mesh/view.js';
import { comparisonsOf } from '../proof/intents/conditions.js';
import type { MeantTarget } from '../resolve/resolved-guardrail.js';

/** What the requests of a target are compared with. */
export function conditionConstants(target: MeantTarget): Constants {
  const own = comparisonsOf({ target }).map(({ attribute, matchers }) => new Map([[attribute, matchers]]));
  const tokens = new Map<Attribute, readonly Matcher[]>(target.withoutToken ? [[token, [anyToken]]] : []);
  return mergeConstants([...own, tokens]);
}

/** The requests that a target means: every condition must hold, by one of its values. */
export function conditionSet(target: MeantTarget, space: Space): RequestSet {
  const box = new Map<number, Bits>();
  for (const { attribute, matchers } of comparisonsOf({ target })) {
    cut(box, space, attribute, (known) =>
      matchers.some((matcher) => seenMatches({ known: true, value: known }, matcher) === 'yes'),
    );
  }
  if (target.withoutToken) cut(box, space, token, (values) => values.length === 0);
  return boxSet(space.shape, box);
}

const token = 'request.auth.principal';
const anyToken: Matcher = {
  kind: 'issuer-and-subject',
  issuer: { kind: 'non-empty' },
  subject: { kind: 'non-empty' },
};

/** Several conditions may be about one attribute: then all of them hold. */
function cut(
  box: Map<number, Bits>,
  { positions, dimensions }: Space,
  attribute: Attribute,
  isMeant: (values: readonly string[]) => boolean,
): void {
  const position = positions.get(attribute) ?? 0;
  const atoms = dimensions[position - 1]?.atoms ?? [];
  const meant = bitsWhere(atoms.length, (index) => isMeant(atoms[index]?.values ?? []));
  box.set(position, (box.get(position) ?? all(atoms.length)) & meant);
}
