import { expect } from 'vitest';
import { verify } from '../../../src/pipeline.js';

const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: test }
spec:
  clusters: [{ name: east }]
  callers: [{ name: office, ipBlocks: [203.0.113.0/24] }, { name: nobody, plaintext: true }]
`;

/** SecuritySettings of one scope; `spec` is flow mappings, one a line. */
export function settings(scope: string, spec: string, name = 'rules'): string {
  return `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: ${name} }
spec:
  scope: ${scope}
${spec.trim().replace(/^/gm, '  ')}
`;
}

/** What hand-written manifests do otherwise than the intents say: `too-much: <requests>; <what the intents say>`. */
export function differences(manifests: string, ...intents: readonly string[]): readonly string[] {
  const sources = [
    { path: 'mesh.yaml', text: mesh },
    { path: 'intents.yaml', text: intents.join('---\n') },
    { path: 'manifests.yaml', text: manifests },
  ];
  const { proof, diagnostics } = verify(sources, { today: '2026-06-01' });
  expect(diagnostics.filter(({ code }) => !/^AMB(?:25|50)/.test(code)).map(({ message }) => message)).toEqual([]);
  return (proof?.differences ?? []).map(({ kind, requests, cause }) => `${kind}: ${requests}; ${cause.says}`);
}
