import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { decide } from '../../mesh/decide.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { admits, blockHas } from '../../mesh/network-policies/admits.js';
import { podsOfWorkload, stoppedBetween } from '../../mesh/network-policies/connection.js';
import { ingressPoliciesOf, type NetworkPolicy } from '../../mesh/network-policies/policy.js';
import type { Request } from '../../mesh/request.js';
import { describeRequest } from '../../mesh/request.js';
import { spanIn } from '../../parse/document.js';
import { hbonePort } from '../../topology/labels.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { firstProbe } from '../../topology/probes.js';
import { firstOf } from '../context.js';
import { lawsOf } from '../routes/shown.js';
import { namesOf } from './control-plane.js';
import { oncePerPolicies, podsWith, workloadsOn } from './senders.js';

/** As whom the kubelet comes to ambient pods (W-71). */
const probeAddress = '169.254.7.127';

/** Probes of ambient pods that a NetworkPolicy does not name: some network plugins then refuse them. Told once a cluster. */
export function probesNotAdmitted({ mesh }: { readonly mesh: Mesh }): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    const found = workloadsOn(at, 'ambient').flatMap((workload) => {
      const probe = firstProbe(workload);
      const policies = ingressPoliciesOf(at, workload.namespace, workload.labels);
      if (probe === undefined || policies.length === 0) return [];
      const port = { number: probe.port, ports: workload.ports };
      const isNamed = admits(policies, port, (peer) => blockHas(peer, probeAddress)) === 'yes';
      return isNamed ? [] : [{ workload, probe, governing: policies, policies: '' }];
    });
    return oncePerPolicies(found).map(({ first: { workload, probe, governing }, others }) => {
      const objects = governing.map(({ object }) => object);
      const parameters = { policies: namesOf(objects), subject: `\`${keyOf(workload)}\`${others}` };
      return diagnostic(
        'network-policy-for-probes',
        parameters,
        spanIn(objects[0] ?? workload.object, ['metadata', 'name']),
        {
          witness: `a \`${probe.field}\` of \`${keyOf(workload)}\` comes from ${probeAddress} to port ${probe.port}`,
          ...lawsOf('the CNI agent gives probes of ambient pods this address in place of the node’s (W-71)'),
        },
      );
    });
  });
}

/** Ports that NetworkPolicies keep from a caller of ambient pods, and that it reaches within the tunnel all the same. */
export function portsWithinTunnel({ mesh }: { readonly mesh: Mesh }): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    const ambient = workloadsOn(at, 'ambient');
    const found = ambient.flatMap((workload) => {
      const policies = ingressPoliciesOf(at, workload.namespace, workload.labels);
      if (!policies.some(limitsPorts)) return [];
      const reached = firstOf(ambient, (caller) =>
        caller === workload ? undefined : reachedBy(mesh, at, caller, workload),
      );
      return reached
        ? [{ ...reached, workload, governing: policies, policies: policies.map(({ name }) => name).join() }]
        : [];
    });
    return oncePerPolicies(found).map(({ first: { workload, port, caller, request, governing }, others }) => {
      const objects = governing.map(({ object }) => object);
      const parameters = {
        policies: namesOf(objects),
        caller: keyOf(caller),
        port,
        subject: `\`${keyOf(workload)}\`${others}`,
      };
      return diagnostic(
        'ports-within-tunnel',
        parameters,
        spanIn(objects[0] ?? workload.object, ['metadata', 'name']),
        {
          witness: describeRequest(request),
          ...lawsOf(
            'within HBONE every port is one: whoever may send to 15008 is stopped by policies of Istio alone (W-70)',
          ),
        },
      );
    });
  });
}

/** Whether it opens 15008 beside other ports, and not simply all. */
function limitsPorts({ rules }: NetworkPolicy): boolean {
  return rules.some(({ ports = [] }) => {
    const numbers = ports.filter((range) => range.kind === 'named' || range.first === range.last);
    return numbers.length > 1 && numbers.some((range) => range.kind === 'numbers' && range.first === hbonePort);
  });
}

function reachedBy(mesh: Mesh, at: MeshCluster, caller: Workload, workload: Workload) {
  const { sender } = podsWith(at, podsOfWorkload(caller));
  const pods = podsOfWorkload(workload);
  const isStopped = (port: number) => stoppedBetween(at, sender, pods, port)?.kind === 'no-path';
  const byNumber = workload.ports.filter(({ transport }) => transport === 'TCP').map(({ number }) => number);
  const kept = byNumber.filter((port) => isStopped(port));
  if (kept.length === byNumber.length || kept.length === 0 || isStopped(hbonePort)) return undefined;
  return firstOf(kept, (port) => {
    const cluster = at.cluster.name;
    const request: Request = {
      source: { kind: 'workload', cluster, workload: keyOf(caller) },
      destination: { kind: 'pod', cluster, workload: keyOf(workload), port },
      payload: { kind: 'tcp' },
    };
    return decide(mesh, request).verdict.kind === 'allowed' ? { port, caller, request } : undefined;
  });
}
