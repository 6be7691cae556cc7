import { asText, asTexts } from '../../mesh/json.js';
import type { JsonObject } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';
import { type Refuse, refuseOthers, type TrafficNames } from './lifting.js';
import { liftAnswer } from './targets.js';

/** A rule of `tcp` or `tls`: connections of which nobody reads requests, by a port or by the names of their handshake. */
export function liftConnections(rule: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  refuseOthers(rule, ['match', 'route'], 'a rule of connections', refuse);
  const match = objectsIn(rule.match).map((each) => liftMatch(each, own, names, refuse));
  const isForAll = match.length === 0 || match.some((each) => Object.keys(each).length === 0);
  return { ...(!isForAll && { match }), ...liftAnswer(rule, own, names, refuse) };
}

/** A Service and a host are asked for by their own names alone. */
function liftMatch(match: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  const { port, sniHosts, ...rest } = match;
  refuseOthers(rest, [], 'a match of connections', refuse);
  const asked = asTexts(sniHosts);
  const isOwn = own !== '' && asked.every((name) => [asText(own), names.service(name)].includes(own) || name === own);
  if (own !== '' && !isOwn) refuse('server names of a Service are its own');
  return {
    ...(own === '' && asked.length > 0 && { serverNames: [...asked] }),
    ...(port !== undefined && { port: own === '' ? port : names.port(own, port) }),
  };
}
