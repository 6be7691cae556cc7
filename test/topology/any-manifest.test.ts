import { expect, test } from 'vitest';
import { topologyToJson, topologyToText } from '../../src/report/topology.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { fc } from '../support/fast-check.js';
import { plainPage } from '../support/page.js';
import { ambient, namespace, pod, service, useWaypoint, waypoint, workload } from './support/builders.js';
import { meshWith, objectsIn } from './support/topology.js';

const valid = [
  namespace('shop', { ...ambient, ...useWaypoint }),
  waypoint('waypoint', { allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { a: 'b' } } } } }),
  service('web'),
  workload('web', { spec: { containers: [{ name: 'istio-proxy', args: ['router'], ports: [{ containerPort: 1 }] }] } }),
  workload('report', { kind: 'CronJob' }),
  pod('web-0', { owner: { kind: 'StatefulSet', name: 'web' } }),
  '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"p","namespace":"shop"},"spec":{"podSelector":{},"ingress":[{"ports":[{"port":1}]}]}}',
  '{"apiVersion":"networking.istio.io/v1","kind":"ServiceEntry","metadata":{"name":"e","namespace":"shop"},"spec":{"hosts":["*.x"],"ports":[{"number":1}]}}',
  '{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"s","namespace":"shop","labels":{"kubernetes.io/service-name":"web"}},"endpoints":[{"addresses":["1"],"targetRef":{"name":"web-0"}}]}',
].map((text) => JSON.parse(text));

/** The way to every value in an object, itself included. */
function pathsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...path, key]))];
}

function replace(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((child, index) => (String(index) === step ? replace(child, rest, by) : child));
  const mapping = value as Record<string, unknown>;
  return { ...mapping, [step]: replace(mapping[step], rest, by) };
}

const places = valid.flatMap((object, index) =>
  pathsIn(object)
    .filter(
      ([top, second]) =>
        ['spec', 'status', 'endpoints'].includes(top ?? '') ||
        (top === 'metadata' && !['name', 'namespace', undefined].includes(second)),
    )
    .map((path) => ({ index, path })),
);

test('any value in any place is read or reported, and never a crash', () => {
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 2 }), ({ index, path }, by) => {
      const broken = valid.map((object, at) => (at === index ? replace(object, path, by) : object));
      const objects = broken.flatMap((object, at) => objectsIn(JSON.stringify(object), 'east', `${at}.yaml`));
      const { value, diagnostics } = buildTopology(meshWith(), objects);
      expect(topologyToText(value, plainPage)).toContain('cluster east');
      expect(topologyToJson(value)).toBeDefined();
      for (const { span } of diagnostics) expect(span?.end ?? 0).toBeLessThanOrEqual(span?.file.text.length ?? 0);
    }),
    { numRuns: 400 },
  );
});
