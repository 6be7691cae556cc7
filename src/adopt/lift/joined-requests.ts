import { asArray } from '../../mesh/json.js';
import { sortedUnique } from '../../util/order.js';
import type { Requests } from './lifted.js';

const lists = ['methods', 'paths', 'hosts'] as const;

/** Requests that differ in one list alone are those of both lists together. */
export function joinedRequests(all: readonly Requests[]): readonly Requests[] {
  const joined: Requests[] = [];
  for (const each of all) {
    const at = joined.findIndex((other) => listApart(other, each) !== undefined);
    const other = joined[at];
    if (other === undefined) joined.push(each);
    else joined[at] = together(other, each);
  }
  return joined.length < all.length ? joinedRequests(joined) : joined;
}

/** The one list that two have otherwise; of the very same any that both have. */
function listApart(one: Requests, other: Requests): (typeof lists)[number] | undefined {
  return lists.find(
    (list) =>
      Array.isArray(one.looks[list]) &&
      Array.isArray(other.looks[list]) &&
      JSON.stringify(without(one, list)) === JSON.stringify(without(other, list)),
  );
}

function without({ looks, ...rest }: Requests, list: string): object {
  const entries = Object.entries(looks).filter(([field]) => field !== list);
  return [
    rest.port ?? null,
    rest.exceptPorts,
    rest.except,
    sortedUnique(entries.map((entry) => JSON.stringify(entry))),
  ];
}

function together(one: Requests, other: Requests): Requests {
  const list = listApart(one, other);
  if (list === undefined) return one;
  const values = [...new Set([...asArray(one.looks[list]), ...asArray(other.looks[list])])];
  return { ...one, looks: { ...one.looks, [list]: values } };
}
