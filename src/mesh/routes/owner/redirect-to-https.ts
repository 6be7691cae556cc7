import type { Listener } from '../../../topology/model.js';
import { anyProxy, noSettings, type RouteMatch, type RouteResult } from '../route.js';
import type { RouteEntry, RouteTable } from '../table.js';

/**
 * What a gateway does with plaintext for a host that a server redirects to HTTPS. A proxy before it that is trusted may say
 * that it was HTTPS, so that routes count after all; what anybody else says of that is overwritten (T-93).
 */
export function redirectTable(listener: Listener, mayBeRouted: boolean): RouteTable {
  const to = { scheme: 'https', host: undefined, port: undefined, path: undefined };
  const redirected = entryAt(listener, undefined, { kind: 'redirect', status: 301, to });
  const said = entryAt(listener, saysProtocol, { kind: 'not-modelled', why: trust, place: placeIn(listener) });
  return { entries: mayBeRouted ? [said, redirected] : [redirected], routes: [] };
}

const trust =
  'whether a proxy before the gateway is trusted to say in `x-forwarded-proto` that a request came by HTTPS';

const saysProtocol: RouteMatch = {
  place: [],
  path: undefined,
  method: undefined,
  authority: undefined,
  scheme: undefined,
  headers: [{ name: 'x-forwarded-proto', match: { kind: 'present' }, negated: false }],
  query: [],
  doubt: undefined,
  proxy: anyProxy,
};

function entryAt(listener: Listener, match: RouteMatch | undefined, result: RouteResult): RouteEntry {
  const origin = { object: listener.object, place: placeIn(listener), name: undefined };
  return {
    match,
    rule: {
      origin,
      matches: [],
      result,
      abort: undefined,
      mirrors: [],
      settings: noSettings,
    },
  };
}

function placeIn({ path }: Listener): Listener['path'] {
  return [...path, 'tls', 'httpsRedirect'];
}
