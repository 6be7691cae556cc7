import type { IstioVersion } from '../../parse/mesh.js';
import { once } from '../../util/once.js';
import type { CompiledPolicy } from './compiled.js';
import { compileForEnvoy } from './envoy.js';
import type { AuthorizationPolicy, Scope } from './policy.js';
import { compileForZtunnel } from './ztunnel.js';

/** A policy as each plane enforces it, compiled at most once however many enforcement points it reaches. */
export interface PolicyForms {
  readonly policy: AuthorizationPolicy;
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
  // Most policies reach enforcement points of one data plane only.
  const ztunnel = once(() => compileForZtunnel(policy));
  const http = once(() => compileForEnvoy(policy, 'http', context));
  const tcp = once(() => compileForEnvoy(policy, 'tcp', context));
  return {
    policy,
    namespace,
    scope,
    dryRun,
    get ztunnel() {
      return ztunnel();
    },
    get http() {
      return http();
    },
    get tcp() {
      return tcp();
    },
  };
}
