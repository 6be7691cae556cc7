import type { Payload, Token } from '../../../src/mesh/request.js';
import type { TokenPlace } from '../../../src/parse/tokens/token-place.js';
import type { Dice } from '../cases/dice.js';
import type { HttpPayload } from '../contract.js';
import { hostsNear, methodsOf, pathsNear, sampleOf } from './spellings.js';
import { type Words, wordsByName, wordsIn } from './words.js';

/** In place of the host: the name of whatever is called. */
export const ownHost = '';

const plain: HttpPayload = { kind: 'http', method: 'GET', path: '/zz/unmentioned', host: ownHost, headers: {} };

/** A request that nobody mentions, bytes, and random requests made of what policies mention. */
export function payloadsOf(words: Words, count: number, dice: Dice): readonly Payload[] {
  const random = Array.from({ length: count - 2 }, () => requestOf(words, dice));
  const payloads: readonly Payload[] = [plain, { kind: 'tcp' }, ...random];
  return [...new Map(payloads.map((payload) => [JSON.stringify(payload), payload])).values()];
}

function requestOf(words: Words, dice: Dice): HttpPayload {
  const methods = ['GET', 'DELETE', ...wordsIn(words, 'methods').flatMap(methodsOf)];
  const paths = ['/', '/zz/unmentioned', ...wordsIn(words, 'paths').flatMap(pathsNear)];
  const hosts = wordsIn(words, 'hosts').flatMap(hostsNear);
  const token = tokenOf(words, dice);
  return {
    kind: 'http',
    method: dice.pick(methods),
    path: dice.pick(paths),
    host: hosts.length > 0 && dice.chance(0.6) ? dice.pick(hosts) : ownHost,
    headers: headersOf(words, dice),
    ...(token !== undefined && { token }),
  };
}

function headersOf(words: Words, dice: Dice): Readonly<Record<string, string>> {
  const entries = wordsByName(words, 'request.headers').flatMap(([name, values]): Array<[string, string]> => {
    const draw = dice.next();
    if (draw > 0.75) return [];
    return [[name.toLowerCase(), draw > 0.6 ? 'other' : sampleOf(dice.pick(values))]];
  });
  return Object.fromEntries(entries.filter(([name]) => /^[a-z][a-z0-9-]*$/.test(name) && name !== 'authorization'));
}

/** A token of an issuer that is known, mostly, with claims that a policy asks for, mostly. */
function tokenOf(words: Words, dice: Dice): Token | undefined {
  const issuers = wordsIn(words, 'issuer');
  const principals = wordsIn(words, 'requestPrincipals', 'request.auth.principal');
  if (issuers.length + principals.length === 0 || dice.chance(0.25)) return undefined;
  const wanted = principals.length > 0 && dice.chance(0.6) ? sampleOf(dice.pick(principals)) : 'elsewhere/somebody';
  const ofPrincipal = wanted.slice(0, Math.max(0, wanted.lastIndexOf('/')));
  const issuer = issuers.length > 0 && dice.chance(0.8) ? dice.pick(issuers) : ofPrincipal;
  const subjects = wordsIn(words, 'request.auth.claims[sub]').map(sampleOf);
  const named = wanted.startsWith(`${issuer}/`) ? wanted.slice(issuer.length + 1) : 'somebody';
  const subject = subjects.length > 0 && dice.chance(0.6) ? dice.pick(subjects) : named;
  const presenters = wordsIn(words, 'request.auth.presenter');
  return {
    issuer,
    ...(dice.chance(0.95) && { subject }),
    audiences: someAudiences(words, dice),
    ...(presenters.length > 0 && dice.chance(0.5) && { presenter: sampleOf(dice.pick(presenters)) }),
    claims: claimsOf(words, dice),
    ...placeIn(words, dice),
    valid: dice.chance(0.85),
  };
}

/** Where rules look for tokens beside the usual place, or nearly there. */
function placeIn(words: Words, dice: Dice): Pick<Token, 'in'> {
  const headers = wordsIn(words, 'fromHeaders.name').map((name) => name.toLowerCase());
  const prefixes = ['', ...wordsIn(words, 'fromHeaders.prefix')];
  const named = (kind: 'cookie' | 'parameter', field: string) => wordsIn(words, field).map((name) => ({ kind, name }));
  const places: readonly TokenPlace[] = [
    ...headers.flatMap((name) => prefixes.map((prefix) => ({ kind: 'header' as const, name, prefix }))),
    ...named('cookie', 'fromCookies'),
    ...named('parameter', 'fromParams'),
  ];
  return places.length === 0 || dice.chance(0.3) ? {} : { in: dice.pick(places) };
}

function someAudiences(words: Words, dice: Dice): readonly string[] {
  const audiences = wordsIn(words, 'audiences', 'request.auth.audiences').map(sampleOf);
  return audiences.length > 0 && dice.chance(0.8) ? dice.some(audiences, dice.chance(0.2) ? 2 : 1) : [];
}

function claimsOf(words: Words, dice: Dice): Token['claims'] {
  const entries = wordsByName(words, 'request.auth.claims').flatMap(([path, values]) => {
    // A token says these for itself.
    if (['iss', 'sub', 'aud', 'azp'].includes(path) || dice.chance(0.3)) return [];
    const value = sampleOf(dice.pick(values));
    return [[path, dice.pick([[value], [value], ['other', value], [true], [7]])] as const];
  });
  return Object.fromEntries(entries);
}
