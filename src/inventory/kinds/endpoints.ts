import { below, irrelevant, type Kind, modelled, said, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';

const where = 'where an endpoint is, and how many requests it gets beside others';

export const endpoints: readonly Kind[] = [
  {
    name: 'networking.istio.io/ServiceEntry',
    about: 'hosts beside those of Kubernetes',
    entries: [
      modelled(
        ['spec.hosts', 'spec.ports', 'spec.exportTo'],
        ['topology/read-services.ts', 'mesh/paths/outbound.ts'],
        'what callers can address, and what passes a waypoint on the way out (T-87)',
      ),
      said(
        below('spec', 'location', 'workloadSelector', 'endpoints'),
        [],
        'requests to a host whose endpoints are in the mesh',
      ),
      irrelevant(
        below('spec', 'addresses', 'resolution', 'subjectAltNames'),
        'nothing stands before a host outside the mesh, whatever address it has',
      ),
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'networking.istio.io/WorkloadEntry',
    about: 'a machine outside Kubernetes',
    entries: [
      modelled(
        below('spec', 'labels', 'serviceAccount'),
        'topology/read-workloads.ts',
        'which Services lead to it, as whom it speaks, and whether a sidecar stands there (M-42)',
      ),
      modelled(['spec.ports'], 'topology/model.ts', 'on which port it has what a Service names'),
      said(
        ['spec.network'],
        ['AMB5353'],
        'what it is sent and what it sends, where that is another network than its cluster’s',
      ),
      irrelevant(below('spec', 'address', 'locality', 'weight'), where),
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'networking.istio.io/WorkloadGroup',
    about: 'machines that come and go',
    entries: [
      said(below('spec', 'metadata', 'template', 'probe'), [], 'requests to a Service that its machines stand behind'),
      ofOtherRevisions,
      status,
    ],
  },
];
