import { compile } from '../../../src/pipeline.js';
import { goldenCases } from '../cases.js';
import { withCase } from './golden-case.js';

/** What becomes of one wish for one kind of callers, and the case that shows it by the objects or codes that come of it. */
export interface HostCell {
  readonly text: string;
  readonly golden: string;
  readonly shows: readonly string[];
}

/** Where the callers are. */
const columns = ['callers with sidecars', 'ambient callers'] as const;

const entry = ['ServiceEntry'];

/** What settings of a host outside the mesh ask for beside what those of a Service do. */
export const hostRows: ReadonlyArray<readonly [asked: string, sidecar: HostCell, ambient: HostCell]> = [
  [
    '`scope: { host: … }` that no manifest makes known',
    { text: 'ServiceEntry', golden: 'traffic/host-on-sidecars', shows: entry },
    { text: 'ServiceEntry', golden: 'traffic/host-on-ambient', shows: entry },
  ],
  [
    '`scope: { host: … }` of a ServiceEntry that is there',
    { text: 'it is used as it is', golden: 'traffic/host-of-existing-entry-on-sidecars', shows: ['AMB3081'] },
    { text: 'a label for its waypoint', golden: 'traffic/host-of-existing-entry', shows: ['AMB3081', 'ServiceEntry'] },
  ],
  [
    '`scope: { host: "*.…" }` of HTTP, with routes and `connections`',
    {
      text: 'ServiceEntry, VirtualService',
      golden: 'traffic/host-with-wildcard',
      shows: ['ServiceEntry', 'VirtualService'],
    },
    {
      text: 'ServiceEntry with DYNAMIC_DNS, a waypoint is planned',
      golden: 'traffic/host-with-wildcard-at-waypoint',
      shows: ['ServiceEntry', 'Gateway', 'HTTPRoute'],
    },
  ],
  [
    'the same of another protocol, or where others have sidecars',
    {
      text: 'ServiceEntry, VirtualService',
      golden: 'traffic/host-with-wildcard',
      shows: ['ServiceEntry', 'VirtualService'],
    },
    { text: 'refused: it has no waypoint', golden: 'diagnostics/AMB3030-host-with-wildcard', shows: ['AMB3030'] },
  ],
  [
    '`addresses`',
    { text: 'ServiceEntry', golden: 'traffic/host-by-addresses', shows: entry },
    { text: 'ServiceEntry', golden: 'traffic/host-by-addresses', shows: entry },
  ],
  [
    '`exportTo: Callers`',
    { text: 'ServiceEntry, for whom `egress` names', golden: 'traffic/host-exported-to-callers', shows: entry },
    { text: 'they know it all the same', golden: 'traffic/host-exported-to-callers', shows: ['AMB3071'] },
  ],
  [
    '`exportTo: [shop]`',
    {
      text: 'ServiceEntry, VirtualService, DestinationRule',
      golden: 'traffic/host-exported-to-listed',
      shows: ['ServiceEntry', 'VirtualService', 'DestinationRule'],
    },
    { text: 'they know it all the same', golden: 'traffic/host-exported-to-callers', shows: ['AMB3071'] },
  ],
  [
    '`tls` of a port that carries HTTP',
    { text: 'DestinationRule', golden: 'traffic/host-on-sidecars', shows: ['DestinationRule'] },
    {
      text: 'a waypoint is planned, DestinationRule',
      golden: 'traffic/host-on-ambient',
      shows: ['Gateway', 'DestinationRule'],
    },
  ],
  [
    '`to` for a port that carries TLS',
    { text: 'VirtualService', golden: 'traffic/host-by-server-name', shows: ['VirtualService'] },
    { text: 'VirtualService', golden: 'traffic/host-by-server-name-at-waypoint', shows: ['Gateway', 'VirtualService'] },
  ],
  [
    '`through: { gateway: … }`, of Gateway API',
    {
      text: 'VirtualService to the gateway; HTTPRoute, TLSRoute and TCPRoute from there',
      golden: 'traffic/host-through-written-gateway',
      shows: ['VirtualService', 'HTTPRoute', 'TLSRoute', 'TCPRoute'],
    },
    {
      text: 'refused: the waypoint is the way out',
      golden: 'diagnostics/AMB3060-through-gateway-for-ambient',
      shows: ['AMB3060'],
    },
  ],
  [
    '`through: { gateway: … }`, of Istio’s own',
    { text: 'two VirtualServices', golden: 'traffic/host-through-gateway', shows: ['VirtualService'] },
    {
      text: 'refused: the waypoint is the way out',
      golden: 'diagnostics/AMB3060-through-gateway-for-ambient',
      shows: ['AMB3060'],
    },
  ],
];

/** The kinds of objects that are written for a case, and the codes of what is said. */
export function shownBy(name: string): ReadonlySet<string> {
  const golden = goldenCases().find((each) => each.name === name);
  if (golden === undefined) return new Set();
  const { manifests, diagnostics } = compile(golden.sources, { ...golden.options, verify: false });
  return new Set([...manifests.map(({ object }) => object.kind), ...diagnostics.map(({ code }) => code)]);
}

const introduction = `## Hosts outside the mesh

All that is said above of a Service is said of a host too, but for \`versions\`, \`split\` and \`locality\`; this beside it. What is
for a host is not proved of callers who have neither a sidecar nor a waypoint: they send what they like to wherever they can.

How it was confirmed: ServiceEntries stood among the random routes of the first table. A waypoint before a wildcard was asked with two
routes: istiod gives them their timeouts and a cluster that looks names up, and Envoy answers 404 to another Host (istio-traffic-topology
F-33); the lookup itself, and TLS to a host, were read in the code.

`;

/** A table of docs/traffic.md. */
export function hostTable(): string {
  const rows = hostRows.map(([asked, ...cells]) => [asked, ...cells.map(({ text, golden }) => withCase(text, golden))]);
  const lines = [['Asked for', ...columns], ['---', '---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${introduction}${lines.join('\n')}\n`;
}
