import { nameOfHost } from '../mesh/graph.js';
import type { AccessReport, GatewayReport, HostReport, MeshReport } from '../mesh/mesh-report.js';
import { shortList } from '../words.js';
import { type Html, html, joined } from './html.js';
import { nothing, section, table } from './parts.js';

/** What comes into the mesh from outside, and who may call gateways at all. */
export function fromOutside({ gateways, entries }: MeshReport): Html {
  const rows = entries.flatMap(({ url, gateway, pods, access: rows }) =>
    rows.map(({ who, verdict, through, because, needsToken }) => [
      url,
      gateway,
      shortList(pods, 4),
      who,
      amountOf({ verdict, through, because }),
      needsToken ? 'yes' : 'no',
    ]),
  );
  const columns = ['Name', 'Gateway', 'Leads to', 'Who', 'What gets through', 'Token needed'];
  return section(
    'outside',
    'From outside',
    html`<p>By which names requests from outside come to workloads, and what of them gets through all that stands on the way.</p>
${rows.length === 0 ? nothing('No gateway leads anybody from outside to a workload.') : table('Names from outside', columns, rows)}
<h3>Gateways</h3>
${gateways.length === 0 ? nothing('There are no gateways.') : gatewayTable(gateways)}`,
  );
}

/** What a gateway lets through may still be refused behind it. */
function gatewayTable(gateways: readonly GatewayReport[]): Html {
  const rows = gateways.flatMap(({ cluster, namespace, name, ways, leadsTo }) =>
    ways.map(({ by, access: own, points }) => [
      html`${namespace}/${name} <span class="quiet">in ${cluster}</span>`,
      by,
      callersOf(own),
      points.length === 0
        ? html`<span class="status bad">nowhere</span>`
        : points.map((point) => point.name).join(' and '),
      leadsTo.length === 0 ? html`<span class="quiet">nothing that is known</span>` : shortList(leadsTo, 6),
    ]),
  );
  const columns = ['Gateway', 'Listener', 'Who may call it', 'Enforced at', 'The gateway leads to'];
  return html`<p class="quiet">Who may call each listener, from outside and from inside. What a gateway lets through may still be refused behind it.</p>
${table('Gateways', columns, rows)}`;
}

/** Who may call hosts outside. */
export function outOfMesh(hosts: readonly HostReport[]): Html {
  const rows = hosts.map((host) => {
    const { cluster, port, protocol, serviceEntry, access: own } = host;
    const name = port === null ? nameOfHost(host) : `${nameOfHost(host)}:${port}`;
    return [
      html`${name} <span class="quiet">from ${cluster}</span>`,
      protocol === null
        ? html`<span class="quiet">no ServiceEntry</span>`
        : `${protocol}, ServiceEntry ${serviceEntry ?? ''}`,
      callersOf(own),
      closersOf(host),
    ];
  });
  const columns = ['Host', 'Made known as', 'Who may call it', 'Enforced by'];
  return section(
    'out',
    'Out of the mesh',
    html`<p>Who may call hosts outside. What a ServiceEntry declares as TLS is taken at its word.</p>
${rows.length === 0 ? nothing('No cluster was given.') : table('Hosts outside the mesh', columns, rows)}`,
  );
}

/** Where nobody gets out, there is nothing to be asked of anybody. */
function closersOf({ access }: HostReport): Html | string {
  if (access.every(({ verdict }) => verdict === 'none')) return html`<span class="quiet">nothing gets out</span>`;
  const points = [...new Set(access.flatMap((each) => each.points))].sort();
  return points.length === 0 ? html`<span class="status bad">nowhere</span>` : shortList(points, 4);
}

/** The first of them: all calls are in the table above. */
function callersOf(access: readonly AccessReport[]): Html {
  const open = access.filter(({ verdict }) => verdict !== 'none');
  if (open.length === 0) return html`<span class="quiet">nobody</span>`;
  const lines = open.slice(0, shownCallers).map((each) => {
    const { who, encryption } = each;
    return html`${who}: ${amountOf(each)}${encryption === 'plaintext' ? html`, <span class="status bad">in plaintext</span>` : ''}<br>`;
  });
  const rest = open.length - shownCallers;
  const refused = access.filter(({ verdict }) => verdict === 'none').map(({ who }) => who);
  return html`${joined(lines)}${rest > 0 ? html`and ${rest} more, under Calls<br>` : ''}${refused.length > 0 ? html`<span class="quiet">not ${shortList(refused, shownCallers)}</span>` : ''}`;
}

const shownCallers = 6;

function amountOf({ verdict, through, because }: Pick<AccessReport, 'verdict' | 'through' | 'because'>): string {
  const some = verdict === 'some' ? ` ${shortList(through, 4)}` : '';
  return `${verdictWords[verdict]}${some}${because === null ? '' : `: ${because}`}`;
}

const verdictWords = { all: 'anything', some: 'only', none: 'nothing', undecided: 'undecided' } as const;
