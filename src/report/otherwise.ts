import type { OutputProof } from '../proof/prove-output.js';
import { keyOf } from '../topology/model.js';

/** What is not as the intents say, beside what is let through or refused at workloads. */
export interface Otherwise {
  readonly of: 'workload' | 'gateway' | 'host';
  readonly kind: string;
  readonly cluster: string;
  readonly name: string;
  /** Whether it is about somebody who may come later. */
  readonly isFuture: boolean;
  readonly intent: string | null;
  readonly requests: string | null;
  readonly witness: string;
}

/** All of it that a proof has found. What hangs on a fact that nobody knows is none of it. */
export function otherwiseIn(proof: OutputProof): readonly Otherwise[] {
  return [...atWorkloads(proof), ...letIn(proof), ...atGateways(proof), ...throughGateways(proof), ...hosts(proof)];
}

function atWorkloads({ asks, relaxed, pins, cuts }: OutputProof): readonly Otherwise[] {
  const found = [
    ...asks.map((each) => ({ ...each, intent: each.rule.origin.id })),
    ...relaxed.map((each) => ({ ...each, kind: 'mandate-denied', intent: each.mandate.origin.id })),
    ...pins.map((each) => ({
      ...each,
      kind: each.decided === undefined ? 'decided-nowhere' : 'decided-elsewhere',
      intent: each.rule.origin.id,
    })),
    ...cuts
      .filter(({ network }) => network.kind === 'no-path')
      .map((each) => ({ ...each, kind: 'stopped-by-network-policy', intent: each.cause.id || null })),
  ];
  return found.map(({ kind, demand: { workload, isFuture }, intent, requests, witness }) => ({
    of: 'workload',
    kind,
    ...{ cluster: workload.cluster, name: keyOf(workload), isFuture },
    ...{ intent, requests, witness },
  }));
}

/** Requests of which it is not known whether NetworkPolicies stop them. */
export function unknownCuts({ cuts }: Pick<OutputProof, 'cuts'>): OutputProof['cuts'] {
  return cuts.filter(({ network }) => network.kind === 'not-modelled');
}

function letIn({ letIn: found }: OutputProof): readonly Otherwise[] {
  return found.map(({ settings, workload, caller, port, policies }) => ({
    of: 'workload',
    kind: policies.length === 0 ? 'let-in-without-network-policy' : 'let-in-by-network-policy',
    ...{ cluster: workload.cluster, name: keyOf(workload), isFuture: false },
    ...{ intent: settings.origin.id, requests: null, witness: `a connection of ${caller} to port ${port}` },
  }));
}

function atGateways({ gateways: { findings } }: OutputProof): readonly Otherwise[] {
  return findings.flatMap((finding): readonly Otherwise[] => {
    if (!('authorizer' in finding)) return [];
    const { kind, security, requests, witness } = finding;
    return [{ ...gatewayOf(security.gateway), kind, intent: null, requests, witness }];
  });
}

function throughGateways({ gateways: { through } }: OutputProof): readonly Otherwise[] {
  return through.flatMap((finding): readonly Otherwise[] => {
    if (!('rule' in finding)) return [];
    const { kind, security, rule, requests, witness } = finding;
    return [{ ...gatewayOf(security.gateway), kind, intent: rule.origin.id, requests, witness }];
  });
}

function gatewayOf(gateway: OutputProof['gateways']['findings'][number]['security']['gateway']) {
  return { of: 'gateway', cluster: gateway.cluster, name: keyOf(gateway), isFuture: false } as const;
}

function hosts({ hosts: found }: OutputProof): readonly Otherwise[] {
  return found.map(({ origin, cluster, host, said }) => ({
    of: 'host',
    kind: 'made-known-otherwise',
    ...{ cluster, name: host, isFuture: false },
    ...{ intent: origin.id, requests: null, witness: said },
  }));
}
