import { expect, test } from 'vitest';
import { peerAuthentication, service, workload } from '../mesh/support/mesh.js';
import { lintWith } from './shop.js';

const rule = (namespace: string, name: string, host: string, mode: string, more = '') => `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${namespace} }
spec: { host: "${host}", ${more}trafficPolicy: { tls: { mode: ${mode} } } }
`;
const strict = peerAuthentication('istio-system', 'default', '{ mtls: { mode: STRICT } }');
const outside = `---
apiVersion: v1
kind: Namespace
metadata: { name: attic }
${workload('attic', 'crate')}${service('attic', 'crate')}`;

test.each([
  {
    law: 'the rule beside the Service is obeyed, and not that of the root namespace (T-07)',
    manifests: [
      strict,
      rule('legacy', 'plain', '*.legacy.svc.cluster.local', 'DISABLE'),
      rule('istio-system', 'default', '*.legacy.svc.cluster.local', 'ISTIO_MUTUAL'),
    ],
    found: ['legacy/plain'],
  },
  {
    law: 'the rule beside the caller is obeyed first',
    manifests: [
      outside,
      rule('legacy', 'default', '*', 'ISTIO_MUTUAL'),
      rule('attic', 'crate', 'crate.attic.svc.cluster.local', 'DISABLE'),
    ],
    found: ['legacy/default'],
  },
  {
    law: 'a rule that nobody obeys shuts nobody out',
    manifests: [
      strict,
      rule('legacy', 'own', 'api.legacy.svc.cluster.local', 'ISTIO_MUTUAL'),
      rule('istio-system', 'plain', '*.legacy.svc.cluster.local', 'DISABLE'),
    ],
    found: [],
  },
  {
    law: 'of two for one host nobody can say which is obeyed',
    manifests: [strict, rule('legacy', 'a', '*.local', 'DISABLE'), rule('legacy', 'b', '*.local', 'ISTIO_MUTUAL')],
    found: [],
  },
  {
    law: 'a rule for several Services is told once',
    manifests: [
      outside,
      workload('attic', 'box'),
      service('attic', 'box'),
      rule('istio-system', 'all', '*', 'ISTIO_MUTUAL'),
    ],
    found: ['istio-system/all'],
  },
])('$law', ({ manifests, found }) => {
  const findings = lintWith(manifests.join('')).filter(({ code }) => code === 'AMB5319');
  expect(findings.map(({ message }) => /DestinationRule `([^`]*)`/.exec(message)?.[1])).toEqual(found);
});
