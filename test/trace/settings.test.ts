import { expect, it } from 'vitest';
import { rangeOf } from '../../src/diagnostics/position.js';
import { decide } from '../../src/mesh/decide.js';
import { traceOf } from '../../src/trace/trace.js';
import { durationText } from '../../src/util/duration.js';
import { meshOf, policy, threeNamespaces } from '../mesh/support/mesh.js';
import { requestOf } from '../mesh/support/requests.js';

const object = (kind: string, spec: string) => `---
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: { name: own, namespace: side }
spec: ${spec}
`;
const routed = object(
  'VirtualService',
  '{ hosts: [server], http: [{ timeout: 90s, fault: { delay: { percentage: { value: 5 }, fixedDelay: 2s } }, route: [{ destination: { host: server, subset: v1 } }] }] }',
);
const versions = object('DestinationRule', '{ host: server, subsets: [{ name: v1, labels: { app: server } }] }');

function told(text: string, to = 'side/server:80'): readonly string[] {
  const mesh = meshOf(text);
  const { settings } = traceOf(mesh, decide(mesh, requestOf('side/client', to)));
  return settings.map(({ name, value, span }) =>
    span === undefined ? `${name} ${value}` : `${name} ${value}, line ${rangeOf(span).start.line - start(text)}`,
  );
}

/** Lines are counted from the first object that a test adds. */
const start = (text: string) => (text.startsWith(threeNamespaces) ? threeNamespaces.split('\n').length - 1 : 0);

it('a trace says what holds for a request that arrives, with the line of each', () => {
  expect(told(threeNamespaces + routed + versions)).toEqual([
    'timeout 1m30s, line 5',
    'retries 2, on cancelled, connect-failure, refused-stream, unavailable (Istio’s default)',
    'delay 5% wait 2s, line 5',
    'version subset v1',
    'obeys DestinationRule side/own, line 9',
  ]);
});

it('it says nothing where nobody said anything, or where the request is stopped', () => {
  expect(told(threeNamespaces)).toEqual([]);
  expect(told(threeNamespaces + routed + versions + policy('side', 'nobody', '{}'))).toEqual([]);
});

it.each([
  [0, '0s'],
  [0.5, '0.5ms'],
  [500, '500ms'],
  [90_000, '1m30s'],
  [5_400_000, '1h30m'],
])('%d milliseconds are %s', (duration, text) => {
  expect(durationText(duration)).toBe(text);
});
