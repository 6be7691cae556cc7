import type { DocumentName } from './citation.js';
import { attachmentLaws } from './istio-security/attachment.js';
import { authorizerLaws } from './istio-security/authorizers.js';
import { gateways } from './istio-security/gateways.js';
import { installation } from './istio-security/installation.js';
import { matching } from './istio-security/matching.js';
import { mutualTls } from './istio-security/mutual-tls.js';
import { planes } from './istio-security/planes.js';
import { policies } from './istio-security/policies.js';
import { tokens } from './istio-security/tokens.js';
import { waypoints as securityWaypoints } from './istio-security/waypoints.js';
import { admission } from './istio-traffic-topology/admission.js';
import { clusters } from './istio-traffic-topology/clusters.js';
import { connections } from './istio-traffic-topology/connections.js';
import { endpoints } from './istio-traffic-topology/endpoints.js';
import { enrolment } from './istio-traffic-topology/enrolment.js';
import { features } from './istio-traffic-topology/features.js';
import { interplay } from './istio-traffic-topology/interplay.js';
import { declaredListeners } from './istio-traffic-topology/listeners.js';
import { migration } from './istio-traffic-topology/migration.js';
import { outsideHosts } from './istio-traffic-topology/outside-hosts.js';
import { reachability } from './istio-traffic-topology/reachability.js';
import { records } from './istio-traffic-topology/records.js';
import { rollouts } from './istio-traffic-topology/rollouts.js';
import { routes } from './istio-traffic-topology/routes.js';
import { served } from './istio-traffic-topology/served.js';
import { settings } from './istio-traffic-topology/settings.js';
import { traffic } from './istio-traffic-topology/traffic.js';
import { waypoints } from './istio-traffic-topology/waypoints.js';
import type { Law } from './law.js';

/** Laws that belong together, under the name by which they are cited. */
export interface LawDocument {
  readonly name: DocumentName;
  readonly about: string;
  readonly chapters: readonly Chapter[];
}

interface Chapter {
  readonly title: string;
  readonly laws: readonly Law[];
}

export const documents: readonly LawDocument[] = [
  {
    name: 'istio-security',
    about: 'What policies, mutual TLS and tokens do at sidecars, ztunnel, waypoints and gateways',
    chapters: [
      { title: 'How a policy is read', laws: policies },
      { title: 'What each data plane enforces', laws: planes },
      { title: 'Which policy reaches which proxy', laws: attachmentLaws },
      { title: 'Gateways', laws: gateways },
      { title: 'Waypoints', laws: securityWaypoints },
      { title: 'Mutual TLS', laws: mutualTls },
      { title: 'Tokens', laws: tokens },
      { title: 'Authorizers, dry runs and flags', laws: authorizerLaws },
      { title: 'How values are compared', laws: matching },
      { title: 'What is said of the whole mesh', laws: installation },
    ],
  },
  {
    name: 'istio-traffic-topology',
    about: 'How pods come into the mesh, what passes a waypoint, and whose routes apply',
    chapters: [
      { title: 'Enrolment', laws: enrolment },
      { title: 'Waypoints', laws: waypoints },
      { title: 'Traffic', laws: traffic },
      { title: 'Routes', laws: routes },
      { title: 'Settings of traffic', laws: settings },
      { title: 'Connections, and what leaves the mesh', laws: connections },
      { title: 'Listeners', laws: declaredListeners },
      { title: 'Where routes are served, and what they lead to', laws: served },
      { title: 'What each kind of object can say', laws: features },
      { title: 'Hosts outside the mesh', laws: outsideHosts },
      { title: 'To whom routes are exported, and what proxies know', laws: reachability },
      { title: 'What rollout controllers change of routes', laws: rollouts },
      { title: 'On the way to pods', laws: endpoints },
      { title: 'What proxies record and count', laws: records },
      { title: 'From sidecars to ambient', laws: migration },
      { title: 'How callers of each kind arrive', laws: interplay },
      { title: 'Clusters and networks', laws: clusters },
      { title: 'Where policies attach, and what the cluster refuses', laws: admission },
    ],
  },
];
