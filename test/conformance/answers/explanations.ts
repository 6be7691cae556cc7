import type { Compared } from './compare.js';

/** Why one side allows what the other denies, where it is no fault of the model’s. Anything else fails a run. */
export interface Explanation {
  readonly id: string;
  /** Whose it is: a fault of Istio’s, a change after the commit that judges, or what the judge cannot ask. */
  readonly of: 'Istio' | 'the commit that judges' | 'the judge';
  readonly what: string;
  readonly explains: (compared: Compared) => boolean;
}

const explanations: readonly Explanation[] = [
  {
    id: 'tcp-routes-behind-a-flag',
    of: 'the commit that judges',
    what: 'It reads TCPRoutes only with PILOT_ENABLE_ALPHA_GATEWAY_API, which 1.31.0 no longer needs (T-50): without them a listener for TCP is none.',
    explains: ({ request: { destination }, model, judge }) =>
      destination.kind === 'gateway' &&
      model.hops.some((hop) => hop.startsWith('gateway tcp')) &&
      saysLast(judge, 'the gateway has no listener on'),
  },
  {
    id: 'calls-to-oneself',
    of: 'the judge',
    what: 'It runs one pod of each workload, so that who calls an own Service without a virtual IP calls itself; for its own address a sidecar has no listener (I-09).',
    explains: ({ request: { source, destination }, judge }) =>
      source.kind === 'workload' &&
      'workload' in destination &&
      source.workload === destination.workload &&
      judge.detail.some((line) => line.includes('virtualOutbound')),
  },
  {
    id: 'tls-of-applications',
    of: 'the judge',
    what: 'Its applications speak no TLS of their own, which a DestinationRule of mode SIMPLE or MUTUAL has callers begin with pods outside the mesh.',
    explains: ({ model, judge }) =>
      model.answer === 'allowed' &&
      judge.detail.some((line) => /^at \S+ \(none\) by TLS /.test(line)) &&
      saysLast(judge, 'nobody there speaks TLS'),
  },
  {
    id: 'certificates-of-servers',
    of: 'the judge',
    what: 'It does not look at the certificate that a server shows, which `subjectAltNames` of a DestinationRule may expect.',
    explains: ({ model }) => model.because.startsWith('a DestinationRule expects the certificate of'),
  },
  {
    id: 'authorizers-of-connections',
    of: 'the judge',
    what: 'Its authorizers speak HTTP, which proxies ask about requests alone. About connections they ask one of kind grpc, as the Mesh document has it.',
    explains: ({ model, judge }) =>
      model.asked &&
      judge.asked !== true &&
      model.answer === judge.judge &&
      model.hops.some((hop) => /^(?:sidecar|waypoint|gateway) tcp,/.test(hop)),
  },
  {
    id: 'copies-of-requests',
    of: 'the judge',
    what: 'It follows a request where a route leads it, and no copy that the route makes of it for another version.',
    explains: ({ model, judge }) => model.isCopy === true && model.answer === 'allowed' && judge.judge === 'no-path',
  },
  {
    id: 'headers-of-load-balancers',
    of: 'the judge',
    what: 'It tells Envoy by the PROXY protocol where a connection leads, so that no gateway of it waits for the header of a load balancer.',
    explains: ({ model }) =>
      model.because.startsWith('the gateway takes connections that begin with the PROXY protocol'),
  },
  {
    id: 'bytes-of-gateways',
    of: 'the judge',
    what: 'It sends bytes as a gateway whatever that has rules for, where without a rule for connections there are none to send on (§2.10).',
    explains: ({ request: { source, payload }, model }) =>
      source.kind === 'gateway' &&
      payload.kind === 'tcp' &&
      model.because.startsWith('no rule of the gateway for connections leads to'),
  },
];

function saysLast({ detail }: Compared['judge'], start: string): boolean {
  return detail[detail.length - 1]?.startsWith(start) ?? false;
}

export function explanationOf(compared: Compared): Explanation | undefined {
  return explanations.find(({ explains }) => explains(compared));
}
