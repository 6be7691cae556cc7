import type { AcceptedReport, MeshReport, TestReport } from '../mesh/mesh-report.js';
import { provedToText } from '../proved.js';
import type { WaypointReport } from '../waypoints/waypoints-of.js';
import { counted, shortList } from '../words.js';
import style from './browser.css?raw';
import script from './browser.js?raw';
import { type Html, html, inScript, joined, verbatim } from './html.js';
import { pageDataOf } from './page-data.js';
import { nothing, section, table } from './parts.js';
import { fromOutside, outOfMesh } from './print-borders.js';
import { compliance } from './print-compliance.js';

/**
 * A report as one page that asks the network for nothing. What has a bound is written out, so that it can be printed and
 * read without the script; the graph and what may be ten thousand rows are drawn from the data beside it.
 */
export function meshToHtml(report: MeshReport): string {
  const { title, clusters, day } = report;
  const where = clusters.map(({ name, istio }) => `${name} (Istio ${istio})`).join(', ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Access in ${title}</title>
<style>${verbatim(style)}</style>
</head>
<body>
<a class="skip" href="#overview">Skip to the report</a>
<header>
<h1>Access in ${title}</h1>
<p class="quiet">Cluster ${where}. ${stateOf(report)} What is accepted was judged by ${day}.</p>
</header>
<nav aria-label="Sections"><ul>
${joined(sections.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`))}
</ul></nav>
<main>
${overview(report)}
${access(report)}
${fromOutside(report)}
${outOfMesh(report.hosts)}
${rulesAndTests(report.tests)}
${accepted(report.accepted)}
${waypoints(report.waypoints)}
${compliance(report.compliance)}
</main>
<footer>Written by <code>ambit report</code>, which is also asked for this as JSON: <code>ambit report -o json</code>.</footer>
<script type="application/json" id="report">${inScript(JSON.stringify(pageDataOf(report)))}</script>
<script type="module">${verbatim(script)}</script>
</body>
</html>
`.text;
}

const sections = [
  ['overview', 'Overview'],
  ['access', 'Access'],
  ['outside', 'From outside'],
  ['out', 'Out of the mesh'],
  ['rules-and-tests', 'Rules and tests'],
  ['accepted', 'Accepted'],
  ['waypoints', 'Waypoints'],
  ['compliance', 'Compliance'],
] as const;

function stateOf({ state }: MeshReport): string {
  if (state === 'after-apply') return 'The mesh as it will be once the compiled output is applied.';
  if (state === 'as-is') return 'The mesh as its manifests are: nothing was compared with intents.';
  return 'The mesh as it would be with an output that is refused: it must not be applied.';
}

function overview(report: MeshReport): Html {
  const { tests, accepted: gaps, findings, workloads, gateways, hosts, proved, crossings } = report;
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const ways = [...workloads, ...gateways].flatMap((each) => each.ways);
  const calls = [...ways, ...hosts]
    .flatMap((way) => way.access)
    .filter(({ verdict }) => verdict !== 'none')
    .flatMap((each) => each.callers.map(() => each));
  const open = calls.filter(({ verdict }) => verdict === 'undecided').length;
  const plain = calls.filter(({ encryption }) => encryption === 'plaintext').length;
  const cards: ReadonlyArray<readonly [tone: Tone, head: string, text: string]> = [
    [
      report.state === 'after-apply' && findings.errors === 0 ? 'good' : report.state === 'as-is' ? 'quiet' : 'bad',
      report.state === 'as-is' ? 'No intents' : findings.errors === 0 ? 'As the intents say' : 'Refused',
      proved === null ? 'nothing was compared with intents' : provedToText(proved),
    ],
    [
      open > 0 ? 'open' : 'quiet',
      counted(calls.length, 'call'),
      `may be made to ${counted(workloads.length, 'workload')}, ${counted(gateways.length, 'gateway')} and hosts outside; ${open === 0 ? 'none is undecided' : `${open} undecided`}, ${plain === 0 ? 'none is plaintext' : `${plain} plaintext`}`,
    ],
    [
      tests.length === 0 ? 'open' : passed === tests.length ? 'good' : 'bad',
      tests.length === 0 ? 'No tests' : `${passed} of ${counted(tests.length, 'test')} pass`,
      'AccessTests and Guardrails',
    ],
    [gaps.length === 0 ? 'quiet' : 'open', `${gaps.length} accepted`, 'gaps and findings that somebody answers for'],
    [
      findings.errors > 0 ? 'bad' : findings.warnings > 0 ? 'open' : 'good',
      findings.errors + findings.warnings === 0
        ? 'No findings'
        : `${counted(findings.errors, 'error')}, ${counted(findings.warnings, 'warning')}`,
      'errors and warnings that nobody accepted',
    ],
  ];
  return html`<section id="overview" aria-labelledby="overview-head">
<h2 id="overview-head">Overview</h2>
<ul class="cards">
${joined(cards.map(([tone, head, text]) => html`<li class="${tone === 'quiet' ? 'plain' : tone}"><strong>${head}</strong>${text}</li>`))}
</ul>
${joined(crossings.map((fact) => html`<p><span class="status open">Not judged</span> ${fact}.</p>`))}
</section>`;
}

type Tone = 'good' | 'bad' | 'open' | 'quiet';

function access({ workloads }: MeshReport): Html {
  return html`<section id="access" aria-labelledby="access-head">
<h2 id="access-head">Access</h2>
<p>Who may call whom, for all requests at once: proved from the policies as each enforcement point reads them. Callers that no rule tells apart are one.</p>
<noscript><p>The graph and the tables of calls and rules are drawn by a script in this page, which is switched off. <code>ambit report -o json</code> has the same.</p></noscript>
<h3>Graph</h3>
<form><label for="graph-namespace">Show<select id="graph-namespace"></select></label></form>
<p class="quiet" id="graph-says" aria-live="polite"></p>
<div class="drawing" id="graph" tabindex="0" role="region" aria-label="Access graph"></div>
<ul class="legend">
${joined(legend.map(([kind, text]) => html`<li><svg width="34" height="10" aria-hidden="true"><path class="${kind}" d="M0 5H34"/></svg> ${text}</li>`))}
</ul>
<h3>Calls</h3>
<form id="search">
<label for="caller">Caller<input type="search" id="caller" placeholder="namespace/name" autocomplete="off"></label>
<label for="called">Whom they may call<input type="search" id="called" placeholder="namespace/name" autocomplete="off"></label>
<label for="only">Only<select id="only">
<option value="all">all calls</option>
<option value="undecided">what is undecided</option>
<option value="plaintext">what is plaintext, or may be</option>
<option value="unsaid">what no rule says</option>
<option value="outside">callers without an identity</option>
<option value="out">calls out of the mesh</option>
</select></label>
</form>
<div id="calls"></div>
<h3>Workloads</h3>
<p class="quiet">${counted(workloads.length, 'workload')} by namespace, with every way in, also those by which nobody comes.</p>
<div class="namespaces" id="namespaces"></div>
</section>`;
}

const legend = [
  ['all', 'any request'],
  ['some', 'some requests'],
  ['undecided', 'undecided'],
  ['plaintext', 'in plaintext, or in plaintext too'],
] as const;

function rulesAndTests(tests: readonly TestReport[]): Html {
  const rows = tests.map(({ name, claim, status, because, leavesOut, file, line }) => [
    name,
    claim,
    html`<span class="status ${statusTones[status]}">${statusWords[status]}</span>${status === 'passed' ? '' : `: ${because}`}${leavesOut === null ? '' : `; not proved for ${leavesOut}`}`,
    `${file}:${line}`,
  ]);
  return section(
    'rules-and-tests',
    'Rules and tests',
    html`<h3>Rules</h3>
<p>A rule is tested where a test that passes hangs on it: its request is decided by that very rule. Guardrails hold for all requests, and are counted for no rule.</p>
<form id="rule-search">
<label for="rule-text">Search<input type="search" id="rule-text" placeholder="rule, name or owner" autocomplete="off"></label>
<label for="rule-only">Only<select id="rule-only"><option value="all">all rules</option><option value="untested">rules without a test</option></select></label>
</form>
<div id="rules"></div>
<h3>Tests</h3>
${rows.length === 0 ? nothing('There are no tests.') : table('Tests', ['Test', 'Claim', 'Result', 'Place'], rows)}`,
  );
}

const statusWords = { passed: 'passes', failed: 'fails', undecided: 'undecided', vacuous: 'can never fail' } as const;
const statusTones = { passed: 'good', failed: 'bad', undecided: 'open', vacuous: 'open' } as const;

function accepted(all: readonly AcceptedReport[]): Html {
  const rows = all.map(({ what, until, reason, owner, file, line, covers }) => [
    what,
    until ?? html`<span class="status bad">no last day</span>`,
    reason,
    owner ?? html`<span class="quiet">none named</span>`,
    covers.length === 0
      ? html`<span class="quiet">nothing at present</span>`
      : joined(covers.map((each) => html`${each}<br>`)),
    `${file}:${line}`,
  ]);
  const columns = ['What', 'Last day', 'Reason', 'Owner', 'Covers', 'Place'];
  return section(
    'accepted',
    'Accepted',
    rows.length === 0 ? nothing('Nothing is accepted.') : table('Accepted', columns, rows),
  );
}

function waypoints(all: readonly WaypointReport[]): Html {
  const rows = all.map(({ cluster, waypoint, state, reasons, services, pods }) => [
    `${waypoint} in ${cluster}`,
    { written: 'written by this output', used: 'used as it is', unneeded: 'needed by nothing' }[state],
    joined(reasons.map((reason) => html`${reason}<br>`)),
    shortList(services, 6),
    pods === undefined
      ? html`<span class="quiet">not Ambit's</span>`
      : `${pods.replicas}${pods.maxReplicas === null ? '' : ` to ${pods.maxReplicas}`} pods, ${pods.cpuMillicores}m CPU and ${pods.memoryMebibytes}Mi memory asked for`,
  ]);
  const columns = ['Waypoint', 'State', 'Because', 'In front of', 'Cost'];
  return section(
    'waypoints',
    'Waypoints',
    rows.length === 0 ? nothing('There are no waypoints.') : table('Waypoints', columns, rows),
  );
}
