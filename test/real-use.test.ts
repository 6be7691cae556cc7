import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/pipeline.js';
import { goldenCases } from './support/cases.js';
import { leavesOf } from './support/leaves.js';
import { sharedDirectory } from './support/shared.js';

/** What public documents use, and where in an object of that kind it stands; `undefined`: what the language does not say yet. */
const features: Readonly<Record<string, RegExp | undefined>> = {
  'VirtualService: bound to a gateway': /^spec\.gateways\.\d+=(?!mesh)/,
  'VirtualService: route to another host': /^spec\.http\.\d+\.route\.\d+\.destination\.host=/,
  'VirtualService: match by URI': /^spec\.http\.\d+\.match\.\d+\.uri\./,
  'VirtualService: subsets, weights': /^spec\.http\.\d+\.route\.\d+\.(?:weight|destination\.subset)=/,
  'VirtualService: rewrite': /^spec\.http\.\d+\.rewrite\.uri=/,
  'VirtualService: match by header': /^spec\.http\.\d+\.match\.\d+\.headers\./,
  'VirtualService: fault': /^spec\.http\.\d+\.fault\.(?:delay|abort)\./,
  'VirtualService: headers added, set, removed': /^spec\.http\.\d+\.headers\.(?:request|response)\./,
  'VirtualService: TCP routes': /^spec\.tcp\.\d+\.route\./,
  'VirtualService: TLS routes': undefined,
  'VirtualService: mirror': /^spec\.http\.\d+\.mirrors\./,
  'VirtualService: retries, timeout': /^spec\.http\.\d+\.(?:retries|timeout)/,
  // Proxies of the mesh speak mutual TLS to each other by themselves.
  'DestinationRule: TLS ISTIO_MUTUAL': /^spec\.host=/,
  'DestinationRule: load balancer': /^spec\.trafficPolicy\.loadBalancer\./,
  'DestinationRule: port level settings': /^spec\.trafficPolicy\.portLevelSettings\./,
  'DestinationRule: outlier detection': /^spec\.trafficPolicy\.outlierDetection\./,
  'DestinationRule: connection pool': /^spec\.trafficPolicy\.connectionPool\./,
  'DestinationRule: TLS SIMPLE': /^spec\.trafficPolicy\..*tls\.mode=SIMPLE/,
  'HTTPRoute: parent is a Gateway': /^spec\.parentRefs\.\d+\.kind=Gateway/,
  'HTTPRoute: match by path': /^spec\.rules\.\d+\.matches\.\d+\.path\./,
  'HTTPRoute: redirect': /^spec\.rules\.\d+\.filters\.\d+\.requestRedirect\./,
  'HTTPRoute: rewrite': /^spec\.rules\.\d+\.filters\.\d+\.urlRewrite\./,
  'HTTPRoute: CORS': /^spec\.rules\.\d+\.filters\.\d+\.cors\./,
  'HTTPRoute: match by header, by method': /^spec\.rules\.\d+\.matches\.\d+\.(?:headers|method)/,
  'HTTPRoute: header filter': /^spec\.rules\.\d+\.filters\.\d+\.(?:request|response)HeaderModifier\./,
  'ServiceEntry: egress hosts': undefined,
  'Sidecar: egress scope': /^spec\.egress\.\d+\.hosts\.\d+=/,
};

describe('traffic that public documents ask for', () => {
  const objects = goldenCases()
    .filter(({ name }) => name.startsWith('traffic/'))
    .flatMap(({ sources, options }) => compile(sources, { ...options, verify: false }).manifests)
    .map(({ object }) => ({ kind: object.kind, leaves: leavesOf(object) }));

  it.each(Object.entries(features))('is written for an intent: %s', (name, form) => {
    const kind = name.slice(0, name.indexOf(':'));
    const isWritten = objects.some((each) => each.kind === kind && form && each.leaves.some((leaf) => form.test(leaf)));
    expect(isWritten).toBe(form !== undefined);
  });

  const counted = join(sharedDirectory, 'facts', 'real-use.md');

  it.skipIf(!existsSync(counted))('is all known here', () => {
    const [, table = ''] = readFileSync(counted, 'utf8').split('## Traffic features');
    const rows = table
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => /^\| [A-Z]/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, kind, feature]) => `${kind}: ${feature}`);
    expect(rows).toEqual(Object.keys(features));
  });
});
