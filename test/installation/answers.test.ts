import { describe, expect, test } from 'vitest';
import { judgeMesh } from '../../src/judged-mesh.js';
import { decide } from '../../src/mesh/decide.js';
import type { Source } from '../../src/parse/parse-sources.js';
import { ask } from '../../src/trace/ask/question.js';
import { peerAuthentication, policy, service, workload } from '../mesh/support/mesh.js';

const named = { fromIp: undefined, cluster: undefined, method: undefined, path: undefined, host: undefined };
const question = {
  from: 'shop/cart',
  to: 'shop/till:80',
  ...named,
  podIp: false,
  tcp: false,
  headers: {},
  token: undefined,
};

/** What becomes of a call between two sidecars, by the manifests alone. */
async function answer(...texts: readonly string[]): Promise<string> {
  const sources = texts.map((text, index): Source => ({ path: `${index}.yaml`, text }));
  const judged = await judgeMesh(sources, { today: '2026-06-01', faults: [], written: undefined, question });
  if (judged.value === undefined) return judged.diagnostics.map(({ code }) => code).join();
  const { mesh } = judged.value;
  const asked = ask(mesh, question).value;
  if (asked === undefined) throw new Error('no question');
  const { verdict, because } = decide(mesh, asked.first);
  return verdict.kind === 'denied' ? `${verdict.response}: ${because}` : verdict.kind;
}

const mesh = `
apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
${workload('shop', 'till')}${service('shop', 'till')}${workload('shop', 'cart')}`;

const installed = (text: string, namespace = 'istio-system') => `---
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: ${namespace}
data:
  mesh: |-
    ${text}
`;
const strict = peerAuthentication('istio-system', 'default', '{ mtls: { mode: STRICT } }');
const denyAll = (namespace: string) => policy(namespace, 'nobody', '{}');

describe('what the manifests say of Istio decides', () => {
  test('sidecars that speak no mutual TLS of themselves are refused under STRICT', async () => {
    expect(await answer(mesh, strict)).toBe('allowed');
    const off = await answer(mesh, strict, installed('enableAutoMtls: false'));
    expect(off).toMatch(/^closed: the port accepts mutual TLS only/);
    const operator = `---
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: installed, namespace: istio-system }
spec: { meshConfig: { enableAutoMtls: false } }
`;
    expect(await answer(mesh, strict, operator)).toBe(off);
  });

  test('policies of another namespace than the root hold there only', async () => {
    expect(await answer(mesh, denyAll('istio-system'))).toMatch(/^forbidden/);
    expect(await answer(mesh, denyAll('istio-system'), installed('rootNamespace: policies'))).toBe('allowed');
    expect(await answer(mesh, denyAll('policies'), installed('rootNamespace: policies'))).toMatch(/^forbidden/);
  });

  test('wherever istiod was installed, also where only a part of the mesh is read', async () => {
    const elsewhere = installed('rootNamespace: policies', 'control');
    expect(await answer(mesh, denyAll('policies'), elsewhere)).toMatch(/^forbidden/);
  });

  test('what contradicts itself answers no question', async () => {
    const other = `---
apiVersion: sailoperator.io/v1
kind: Istio
metadata: { name: default }
spec: { version: v1.29.1, values: { meshConfig: { rootNamespace: other } } }
`;
    expect(await answer(mesh, installed('rootNamespace: policies'), other)).toContain('AMB1060');
  });
});
