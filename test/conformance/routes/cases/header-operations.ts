import type { JsonObject } from '../../../../src/parse/document.js';
import type { RouteMaking } from './routed-world.js';

/** What a VirtualService writes into headers, and takes away. */
export function headerOperations({ dice }: RouteMaking): JsonObject {
  return dice.pick<JsonObject>([
    { set: { 'x-user': 'admin' } },
    { add: { 'x-user': 'more' } },
    { remove: ['x-user'] },
    { set: { 'x-env': 'test' }, remove: ['x-user'] },
    { add: { 'x-env': 'a', 'X-Stage': 'b' } },
    { set: { ':authority': 'set.example.com' } },
    { set: { host: 'host.example.com' } },
    { remove: ['x-env'], add: { 'x-env': 'again' } },
    { set: { 'x-user': '%REQ(x-env)%' } },
    { set: { 'x-user': 'first' }, add: { 'x-user': 'second' } },
  ]);
}

/** The same for a filter of the Gateway API, which lists names. */
export function headerModifier({ dice }: RouteMaking): JsonObject {
  return dice.pick<JsonObject>([
    { set: [{ name: 'x-user', value: 'admin' }] },
    { add: [{ name: 'X-User', value: 'more' }] },
    { remove: ['x-user'] },
    { set: [{ name: 'x-env', value: 'test' }], remove: ['x-user'] },
    {
      add: [
        { name: 'x-env', value: 'a' },
        { name: 'x-stage', value: 'b' },
      ],
    },
    { set: [{ name: 'Host', value: 'host.example.com' }] },
  ]);
}
