import type { Mesh } from '../../mesh/mesh.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { intentsOf, type Responsible } from '../responsible.js';
import type { LogLine, NamedPolicy } from './log-line.js';

/** What ztunnel calls the denial of plaintext that istiod makes of PeerAuthentications (§5.4). */
const convertedStrict = 'istio_converted_static_strict';

/** The object that a line names, with its rule; `unknown` where no cluster has it, and nothing where the line names none. */
export function policyNamed(
  { topology }: Mesh,
  { policy, outcome }: LogLine,
): Responsible | 'strict' | 'unknown' | undefined {
  if (policy === undefined || policy === 'none') return undefined;
  if (policy.name === convertedStrict) return 'strict';
  for (const { name, policies } of topology.clusters) {
    const object = policies.find((each) => isNamed(each, policy));
    if (object !== undefined) return responsible(name, object, policy, outcome);
  }
  return 'unknown';
}

function isNamed({ kind, namespace, name }: ManifestObject, policy: NamedPolicy): boolean {
  return kind === 'AuthorizationPolicy' && namespace === policy.namespace && name === policy.name;
}

function responsible(
  cluster: string,
  object: ManifestObject,
  { namespace, name, rule }: NamedPolicy,
  outcome: LogLine['outcome'],
): Responsible {
  const isDenied = outcome === 'refused' || outcome === 'would be refused';
  const place = rule === undefined ? ['metadata', 'name'] : ['spec', 'rules', rule];
  return {
    cluster,
    kind: 'AuthorizationPolicy',
    namespace,
    name,
    role: isDenied ? 'denies' : 'allows',
    rule,
    span: spanIn(object, place),
    intents: intentsOf(object.value),
  };
}
