import { CompletionItemKind } from 'vscode-languageserver';
import { apiVersion, type Kind } from '../parse/kinds.js';
import type { Offer } from './completion.js';
import { cursorsAt } from './cursor.js';

/** Whole documents to begin with, in place of a text that says nothing yet; the places to fill in are as editors have them in snippets. */
export function skeletonsAt(text: string, offset: number): readonly Offer[] {
  const cursor = cursorsAt(text, offset).find(({ part, path }) => part === 'key' && path.length === 0);
  if (cursor === undefined || Object.keys(Object(cursor.document)).length > 1) return [];
  return skeletons.map(({ kind, description, spec }) => ({
    label: kind,
    kind: CompletionItemKind.Snippet,
    text: `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: \${1:name}\nspec:\n${spec}\n`,
    ...{ start: cursor.start, end: cursor.end, description },
  }));
}

interface Skeleton {
  readonly kind: Kind;
  readonly description: string;
  readonly spec: string;
}

const skeletons: readonly Skeleton[] = [
  {
    kind: 'SecuritySettings',
    description: 'Who may call the workloads of a namespace: mutual TLS for all of them, and rules.',
    spec: `  scope: { namespace: \${2:namespace} }
  mtls: { mode: Strict }
  authorization:
    default: Deny
    allow:
      - name: \${3:rule}
        reason: \${4:why they may}
        from: [{ service: \${5:namespace/name} }]
        to: [{ service: \${6:name}, port: \${7:http} }]`,
  },
  {
    kind: 'TrafficSettings',
    description: 'How requests to a Service are routed and how long they may take.',
    spec: `  scope: { service: \${2:namespace/name} }
  timeout: \${3:5s}
  retries: { attempts: \${4:2} }`,
  },
  {
    kind: 'AccessTest',
    description: 'Requests with their expected verdict, run by `ambit test`.',
    spec: `  cases:
    - { expect: allow, from: \${2:namespace/name}, to: "\${3:namespace/name:http}" }
    - { expect: deny, from: outside, to: "\${3:namespace/name:http}" }`,
  },
  {
    kind: 'Guardrail',
    description: 'What must never be possible, proved on every compile.',
    spec: `  never:
    - name: \${2:from-elsewhere}
      reason: \${3:why it must hold}
      from: [{ outside: { namespaces: [\${4:namespace}] } }]
      to: [{ namespace: \${4:namespace} }]`,
  },
  {
    kind: 'Mesh',
    description: 'What manifests cannot say: clusters and their Istio.',
    spec: `  clusters:
    - name: \${2:default}
      istio: { version: "\${3:1.29}" }
      manifests: [\${4:manifests/}]`,
  },
];
