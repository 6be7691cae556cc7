import type { Located, Span } from '../../diagnostics/diagnostic.js';
import type { Disruption } from '../waypoints.js';

/** A port on which a gateway that Ambit writes takes connections. */
export interface WantedListener {
  readonly name: Located<string>;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TLS' | 'TCP';
  /** Empty: every host. */
  readonly hosts: ReadonlyArray<Located<string>>;
  readonly tls: WantedTls | undefined;
  /** Who asks in plaintext is told to ask by HTTPS. */
  readonly redirect: Located<'Https'> | undefined;
  /** Whose routes it takes: those of the gateway's own namespace, of all, or of some. */
  readonly routesFrom: 'Same' | 'All' | readonly string[];
  readonly span: Span;
}

/** Who ends TLS, and whose certificate is shown. */
export interface WantedTls {
  /** `Mutual`: the gateway ends it, and asks clients for certificates. */
  readonly mode: 'Terminate' | 'Mutual' | 'Passthrough';
  /** A Secret: its name, or `namespace/name`. */
  readonly certificate: Located<string> | undefined;
  /** A ConfigMap beside the gateway; `undefined`: what Istio finds beside the certificate. */
  readonly caCertificates: Located<string> | undefined;
  readonly span: Span;
}

/** How Istio is to deploy a gateway that Ambit writes; what is not said is as Istio has it. */
export interface GatewayDeployment {
  readonly className: Located<string> | undefined;
  readonly service: 'ClusterIP' | 'LoadBalancer' | 'NodePort' | undefined;
  readonly replicas: Located<number> | undefined;
  readonly maxReplicas: Located<number> | undefined;
  readonly disruption: Located<Disruption> | undefined;
  readonly labels: readonly WantedText[];
  readonly annotations: readonly WantedText[];
  readonly span: Span;
}

/** A label or an annotation. */
export interface WantedText {
  readonly name: Located<string>;
  readonly value: string;
}
