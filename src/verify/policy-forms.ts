import type { IstioVersion } from '../topology/mesh.js';
import type { CompiledPolicy } from './compiled.js';
import { compileForEnvoy } from './envoy.js';
import type { AuthorizationPolicy, Scope } from './policy.js';
import { compileForZtunnel } from './ztunnel.js';

/** A policy as each plane enforces it, compiled once however many enforcement points it reaches. */
export interface PolicyForms {
  readonly namespace: string;
  readonly scope: Scope;
  readonly dryRun: boolean;
  /** `undefined` where istiod does not send it to ztunnel. */
  readonly ztunnel: CompiledPolicy | undefined;
  readonly http: CompiledPolicy;
  readonly tcp: CompiledPolicy;
}

export function compileForms(
  policy: AuthorizationPolicy,
  trustDomains: readonly string[],
  version: IstioVersion,
): PolicyForms {
  const { namespace, scope, dryRun } = policy;
  const context = { namespace, trustDomains, version };
  return {
    namespace,
    scope,
    dryRun,
    ztunnel: compileForZtunnel(policy),
    http: compileForEnvoy(policy, 'http', context),
    tcp: compileForEnvoy(policy, 'tcp', context),
  };
}
