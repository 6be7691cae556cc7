interface Alike {
  readonly why: string;
  readonly what: RegExp;
}

const all: readonly Alike[] = [
  {
    why: 'shares have no order',
    what: /\.(route|backendRefs) \d behind the next$|^DestinationRule spec\.subsets 0 behind/,
  },
  { why: 'a VirtualService without gateways is for the mesh', what: /^VirtualService spec\.gateways(\.0)? left out$/ },
  { why: 'what is written out of retries is what holds without it', what: /\.(retries|retryOn) left out$/ },
  { why: 'a text without signs is an expression for itself', what: /\{"regex":"[\w/]+"\}$/ },
  { why: 'what the API takes for granted', what: /(group|kind|matches\.0\.path\.type) left out$/ },
  { why: 'a redirect without a status is a 301', what: /redirectCode left out$/ },
];

/** What of a Gateway says the same otherwise. */
const ofGateways: readonly Alike[] = [
  { why: 'labels of pods that no policy selects', what: /^Gateway spec\.infrastructure/ },
  { why: 'listeners have no order', what: /^Gateway spec\.listeners \d behind the next$/ },
  { why: 'routes name a listener by its port', what: /^Gateway spec\.listeners\.\d\.name/ },
  { why: 'TLS is ended where nothing else is said', what: /^Gateway .*\.tls\.mode left out$/ },
  { why: 'the API server refuses any other text', what: /(tls\.mode "Terminatex"|from "Samex")$/ },
  { why: 'namespaces have no order', what: /\.values 0 behind the next$/ },
  { why: 'routes come from the own namespace where nothing is said', what: /^Gateway .*allowedRoutes.* left out$/ },
];

const ofEntries: readonly Alike[] = [
  { why: 'a host is outside the mesh unless it is said to be in it', what: /^ServiceEntry spec\.location left out$/ },
  {
    why: 'nothing is told by the name of a port, or by their order',
    what: /^ServiceEntry spec\.ports( 0 behind|\.\d\.name)/,
  },
];

/** Objects that mean the same as what is emitted for a golden case, by what is otherwise in them. */
export const alikeIn: Readonly<Record<string, readonly Alike[]>> = {
  'traffic/routes-on-sidecars': [
    ...all,
    { why: 'no request is for both of the rules', what: /^VirtualService spec\.http [23] behind the next$/ },
    { why: 'either of the matches may come first', what: /^VirtualService spec\.http\.1\.match 0 behind the next$/ },
    { why: 'a header that is asked for without a text need only be there', what: /x-tester\.regex left out$/ },
    {
      why: 'without attempts nothing is tried again',
      what: /^VirtualService spec\.http\.1\.retries\.attempts left out$/,
    },
    {
      why: 'the Service has no other port',
      what: /^VirtualService spec\.http\.[23]\.route\.0\.destination\.port(\.number)? left out$/,
    },
  ],
  'traffic/rollout-on-sidecars': [
    ...all,
    {
      why: 'what has no share gets nothing, wherever it would lead',
      what: /^VirtualService spec\.http\.1\.route\.0(\.(destination|weight)\S*)?( "\S+"| left out)$/,
    },
    { why: 'all of 101 is all', what: /^VirtualService spec\.http\.1\.route\.1\.weight 101$/ },
    { why: 'a header that is asked for without a text need only be there', what: /x-tester\.regex left out$/ },
  ],
  'traffic/external-weights-at-gateway': [
    ...all,
    { why: 'a rollout controller makes of the weights what it likes', what: /\.weight (\d|left out)$/ },
    {
      why: 'a rule without a match is for every path',
      what: /^HTTPRoute spec\.rules\.0\.matches(\.0(\.path(\.value)?)?)? left out$/,
    },
  ],
  'traffic/raw-prefix-at-waypoint': [
    ...all,
    { why: 'no request is for both of the rules', what: /^VirtualService spec\.http 0 behind the next$/ },
    { why: 'either of the matches may come first', what: /^VirtualService spec\.http\.0\.match 0 behind the next$/ },
  ],
  'traffic/gateway-of-istio': [
    ...all.filter(({ what }) => !what.test('VirtualService spec.gateways left out')),
    { why: 'no request is for both of the rules', what: /^VirtualService spec\.http 1 behind the next$/ },
    {
      why: 'the Service has no other port',
      what: /^VirtualService spec\.http\.3\.route\.0\.destination\.port left out$/,
    },
  ],
  'traffic/paths-in-any-case-on-sidecars': [
    ...all,
    { why: 'no request is for both of the rules', what: /^VirtualService spec\.http 0 behind the next$/ },
    { why: 'either of the matches may come first', what: /^VirtualService spec\.http\.2\.match 0 behind the next$/ },
  ],
  'traffic/hosts-of-istio-gateway': [
    ...all.filter(({ what }) => !what.test('VirtualService spec.gateways left out')),
    { why: 'no request is for both of the rules', what: /^VirtualService spec\.http 0 behind the next$/ },
    { why: 'either of the matches may come first', what: /^VirtualService spec\.http\.0\.match 0 behind the next$/ },
    {
      why: 'the Service has no other port',
      what: /^VirtualService spec\.http\.[12]\.route\.0\.destination\.port left out$/,
    },
  ],
  'traffic/routes-in-http-route': [
    ...all,
    {
      why: 'the most exact match goes first, however it is written',
      what: /^HTTPRoute spec\.rules \d behind the next$/,
    },
    { why: 'the Service has no other port', what: /^HTTPRoute spec\.parentRefs\.0\.port left out$/ },
    {
      why: 'of one backend the weight says nothing',
      what: /^HTTPRoute spec\.rules\.[012]\.backendRefs\.0\.weight (2|left out)$/,
    },
    {
      why: 'a rule without a match is for every path',
      what: /^HTTPRoute spec\.rules\.4\.matches(\.0(\.path(\.value)?)?)? left out$/,
    },
    { why: 'filters of different types have no order', what: /^HTTPRoute spec\.rules\.4\.filters 0 behind the next$/ },
    { why: 'Envoy counts shares in millionths', what: /fraction\.denominator 1000001$/ },
  ],
  'traffic/gateway-written': [
    ...all,
    ...ofGateways,
    {
      why: 'the most exact match goes first, however it is written',
      what: /^HTTPRoute spec\.rules 0 behind the next$/,
    },
    { why: 'of one backend the weight says nothing', what: /^HTTPRoute .*\.weight (2|left out)$/ },
    {
      why: 'a rule without a match is for every path',
      what: /^HTTPRoute .*\.matches(\.0(\.path(\.value)?)?)? left out$/,
    },
    { why: 'a listener is for no other hosts', what: /^HTTPRoute spec\.hostnames(\.0)? left out$/ },
    { why: 'no other listener takes routes from there', what: /^HTTPRoute spec\.parentRefs\.0\.port left out$/ },
  ],
  'traffic/gateway-connections': [
    ...all,
    ...ofGateways,
    { why: 'of one backend the weight says nothing', what: /^T\w+Route .*\.weight (2|left out)$/ },
    { why: 'names have no order', what: /^TLSRoute spec\.hostnames 0 behind the next$/ },
    { why: 'the API server refuses a TLSRoute without names', what: /^TLSRoute spec\.hostnames left out$/ },
  ],
  'traffic/gateway-connections-of-istio': [
    ...all,
    { why: 'names have no order', what: /(hosts|sniHosts) 0 behind the next$/ },
    { why: 'connections of plain TCP name no host', what: /^VirtualService spec\.hosts\.0 "\*x"$/ },
    { why: 'the port of the listener is the same', what: /tcp\.0\.route\.[01]\.destination\.port left out$/ },
  ],
  'traffic/host-on-sidecars': [
    ...all,
    ...ofEntries,
    { why: 'either of the matches may come first', what: /^VirtualService spec\.http\.0\.match 0 behind the next$/ },
    { why: 'ports have no order', what: /^DestinationRule spec\.trafficPolicy\.portLevelSettings 0 behind the next$/ },
    {
      why: 'the port that was asked has the same number',
      what: /^VirtualService spec\.http\.0\.route\.0\.destination\.port left out$/,
    },
  ],
  'traffic/host-on-ambient': [
    ...all,
    ...ofEntries,
    { why: 'the Service and the host have no other port', what: /^HTTPRoute spec\.parentRefs\.0\.port left out$/ },
    {
      why: 'the most exact match goes first, however it is written',
      what: /^HTTPRoute spec\.rules \d behind the next$/,
    },
    {
      why: 'of one backend the weight says nothing',
      what: /^HTTPRoute spec\.rules\.[01]\.backendRefs\.0\.weight (2|left out)$/,
    },
    {
      why: 'a rule without a match is for every path',
      what: /^HTTPRoute spec\.rules\.[01]\.matches(\.0(\.path(\.value)?)?)? left out$/,
    },
  ],
  'traffic/host-by-addresses': [
    ...all,
    ...ofEntries,
    { why: 'addresses have no order', what: /^ServiceEntry spec\.(endpoints|addresses) 0 behind the next$/ },
  ],
  'traffic/host-through-gateway': [
    {
      why: 'of requests the gateway has no other port',
      what: /^VirtualService spec\.http\.0\.match(\.0(\.port)?)? left out$/,
    },
    { why: 'either of the matches may come first', what: /^VirtualService spec\.http\.0\.match 0 behind the next$/ },
    {
      why: 'the port that was asked has the same number',
      what: /^VirtualService spec\.(http|tls)\.\d\.route\.0\.destination\.port left out$/,
    },
    { why: 'TLS is at one port alone', what: /^VirtualService spec\.tls\.0\.match\.0\.port left out$/ },
    {
      why: 'without attempts nothing is tried again',
      what: /^VirtualService spec\.http\.0\.retries\.attempts left out$/,
    },
    ...all,
    ...ofEntries,
  ],
  'traffic/gateway-with-client-certificates': [
    ...all,
    ...ofGateways,
    { why: 'the API server refuses a frontend without it', what: /^Gateway spec\.tls\.frontend\.default left out$/ },
    { why: 'the listener is for no other hosts', what: /^HTTPRoute spec\.hostnames(\.0)? left out$/ },
    {
      why: 'a rule without a match is for every path',
      what: /^HTTPRoute .*matches(\.0(\.path(\.value)?)?)? left out$/,
    },
    { why: 'of one backend the weight says nothing', what: /^HTTPRoute .*\.weight (2|left out)$/ },
  ],
};
