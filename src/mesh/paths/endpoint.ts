import { describe } from '../../topology/fields.js';
import { type Service, type ServicePort, targetPortOf, type Workload } from '../../topology/model.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import type { Destination } from '../request.js';
import { noPath, notModelled, type Stop } from './hops.js';

/** Where a request ends: a pod and a port of it, and the service it was addressed to, if any. */
export interface Endpoint {
  readonly kind: 'endpoint';
  readonly mesh: MeshCluster;
  readonly workload: Workload;
  readonly podPort: number;
  /** Absent when the pod's own address was used. */
  readonly service:
    | {
        readonly service: Service;
        readonly port: ServicePort;
        /** The version by which the proxy of its client was led there. */
        readonly subset?: string | undefined;
      }
    | undefined;
}

/** The pod that a destination names, with its service port bound to a port of the pod. */
export function resolveEndpoint(
  mesh: Mesh,
  destination: Extract<Destination, { kind: 'service' | 'pod' }>,
): Endpoint | Stop {
  const at = mesh.clusters.get(destination.cluster);
  const workload = at?.cluster.workloads.get(destination.workload);
  if (at === undefined || workload === undefined) return noPath(`there is no workload \`${destination.workload}\``);
  if (destination.kind === 'pod') {
    return { kind: 'endpoint', mesh: at, workload, podPort: destination.port, service: undefined };
  }
  const service = at.cluster.services.get(destination.service);
  if (service === undefined) return noPath(`there is no service \`${destination.service}\``);
  if (service.type === 'ExternalName') return notModelled('traffic to a Service of type ExternalName');
  if (!service.workloads.includes(destination.workload)) {
    return noPath(`\`${destination.workload}\` is not behind \`${destination.service}\``);
  }
  const port = service.ports.find(({ number }) => number === destination.port);
  if (port === undefined) return noPath(`\`${destination.service}\` has no port ${destination.port}`);
  const listed = at.listedEndpoints.find((each) => each.service === service && each.ports.includes(port.number));
  if (listed !== undefined) {
    return notModelled(`the port to which ${describe(listed.object)} leads callers of \`${destination.service}\``);
  }
  const podPort = targetPortOf(port, workload);
  if (podPort === undefined) return noPath(`\`${destination.workload}\` has no port named \`${port.targetPort}\``);
  return { kind: 'endpoint', mesh: at, workload, podPort, service: { service, port } };
}
