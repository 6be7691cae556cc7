import { below, irrelevant, type Kind, labels, modelled, said, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';

const where = 'where an endpoint is, and how many requests it gets beside others';

export const endpoints: readonly Kind[] = [
  {
    name: 'networking.istio.io/ServiceEntry',
    about: 'hosts beside those of Kubernetes',
    entries: [
      modelled(
        ['spec.hosts', 'spec.ports', 'spec.exportTo', ...labels('networking.istio.io/enable-autoallocate-ip')],
        ['topology/read-services.ts', 'mesh/paths/outbound.ts', 'mesh/entry-services.ts'],
        'what callers can address, and what passes a waypoint on the way out (T-87)',
      ),
      modelled(
        below('spec', 'workloadSelector', 'addresses', 'resolution'),
        'mesh/entry-services.ts',
        'which workloads of the mesh stand behind its hosts, and how callers arrive (T-88)',
      ),
      said(
        below('spec', 'location', 'endpoints'),
        ['AMB5353'],
        'requests to its hosts, where their endpoints are said to be in the mesh',
      ),
      irrelevant(['spec.subjectAltNames'], 'which certificates clients take beside those of its own pods'),
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
      modelled(
        ['spec.metadata', ...below('spec.template', 'labels', 'serviceAccount', 'ports')],
        'topology/read-workloads.ts',
        'which Services lead to its machines, on which port, and as whom they speak (M-42)',
      ),
      said(
        ['spec.template.network'],
        ['AMB5353'],
        'what they are sent and what they send, where that is another network',
      ),
      irrelevant(
        [...below('spec.template', 'address', 'locality', 'weight'), 'spec.probe'],
        'where a machine is, and whether it is well',
      ),
      ofOtherRevisions,
      status,
    ],
  },
];
