import { placeOf } from '../mesh/policies/token-place-text.js';
import {
  type Destination,
  type HttpRequest,
  type Payload,
  type Request,
  type Source,
  type Token,
  usualHost,
} from '../mesh/request.js';
import type { Attribute } from '../mesh/view.js';
import type { Lane } from './lane.js';
import { elementsPassing } from './list-elements.js';
import { anyMember, type Member, type RequestSet } from './request-set.js';
import type { Space } from './space.js';

/** One concrete request of a set, to show and to decide again on its own. `undefined` of the empty set. */
export function witnessOf(space: Space, lane: Lane, set: RequestSet): Request | undefined {
  const member = anyMember(set);
  return member === undefined ? undefined : requestAt(space, lane, member);
}

/** The request that stands for a class: what nobody compares is filled in. `undefined` where there is no such caller. */
export function requestAt(space: Space, { destination, payload }: Lane, member: Member): Request | undefined {
  const source = space.callers.classes[member[0] ?? 0]?.source;
  if (source === undefined) return undefined;
  const values = (attribute: Attribute) => valuesAt(space, attribute, member);
  return {
    source: withAddress(source, values('source.ip')?.[0]),
    destination,
    payload: payload === 'tcp' ? { kind: 'tcp' } : httpRequest(space, destination, values),
  };
}

/** What one attribute is in a request; `undefined` where nobody compares it. */
function valuesAt(space: Space, attribute: Attribute, member: Member): readonly string[] | undefined {
  const list = space.lists.get(attribute);
  if (list !== undefined) {
    const passed = [...list.elements.tests.keys()].filter((test) => member[list.first + test] === 1);
    return elementsPassing(list.elements, new Set(passed));
  }
  const position = space.positions.get(attribute) ?? 0;
  const dimension = space.dimensions[position - 1];
  return dimension?.kind === 'value' ? dimension.atoms[member[position] ?? 0]?.values : undefined;
}

function withAddress(source: Source, ip: string | undefined): Source {
  return ip === undefined ? source : { ...source, ip };
}

type Values = (attribute: Attribute) => readonly string[] | undefined;

function httpRequest(space: Space, destination: Destination, values: Values): Payload {
  const headers = space.dimensions.flatMap(({ attribute }) => {
    const name = /^request\.headers\[(.*)\]$/.exec(attribute)?.[1];
    const value = values(attribute)?.[0];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  const token = tokenOf(space, values);
  const request: HttpRequest = {
    kind: 'http',
    method: values('request.method')?.[0] ?? 'GET',
    path: (values('request.path')?.[0] ?? '/') + queryOf(space, values),
    host: values('request.host')?.[0] ?? usualHost(destination),
    headers: Object.fromEntries(headers),
  };
  return token === undefined ? request : { ...request, token };
}

/** The parameters that are compared and there, as proxies compare them: nothing encoded. */
function queryOf(space: Space, values: Values): string {
  const parameters = space.dimensions.flatMap(({ attribute }) => {
    const name = /^request\.query\[(.*)\]$/.exec(attribute)?.[1];
    const value = values(attribute)?.[0];
    return name === undefined || value === undefined ? [] : [`${name}=${value}`];
  });
  return parameters.length === 0 ? '' : `?${parameters.join('&')}`;
}

function tokenOf(space: Space, values: Values): Token | undefined {
  const principal = values('request.auth.principal')?.[0];
  if (principal === undefined) return undefined;
  const [issuer = '', subject = ''] = principal.split('\n');
  const claims = [...space.lists.keys()].flatMap((attribute) => {
    const path = /^request\.auth\.claims\[(.*)\]$/.exec(attribute)?.[1];
    return path === undefined ? [] : [[path.split('][').join('.'), values(attribute) ?? []] as const];
  });
  const presenter = values('request.auth.presenter')?.[0];
  const place = values('request.auth.place')?.[0];
  return {
    issuer,
    subject,
    audiences: values('request.auth.audiences') ?? [],
    ...(presenter !== undefined && { presenter }),
    ...(place !== undefined && { in: placeOf(place) }),
    claims: Object.fromEntries(claims),
    valid: true,
  };
}
