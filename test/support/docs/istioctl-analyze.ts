import { type CaseCount, caseCounts, countedCommit } from '../istioctl/counts.js';
import { type AnalyzerMessage, analyzerMessages } from '../istioctl/messages.js';

const introduction = `# What \`istioctl analyze\` says, and what Ambit says instead

Both read manifests. The analyzer says what looks wrong; Ambit says what becomes of which request, and leaves out what only
may be wrong. *Gives*: it finds the same. *Betters*: it finds what goes wrong, also where the analyzer does not look, and is
silent where nothing does. The analyzers’ own cases for VirtualServices, DestinationRules, Gateways, Sidecars, ServiceEntries
and Services are among Ambit’s tests: what is expected there is found, unless the table says why not, and nothing is said of
their clean cases.

## How much of their cases

Counted over the cases of Istio’s commit ${countedCommit}, by the folder of the analyzers. *Left out* is what the table of messages
leaves out, or what there is said in another way. One clean case needs a MeshConfig in which sidecars capture DNS, which is not
asked for it (AMB5410 says whom it is about), and is not counted.

${countTable()}

## What becomes of each message

| Message | Ambit | Reported as | Why |
|---|---|---|---|`;

/** The table of docs/istioctl-analyze.md. */
export function istioctlAnalyze(): string {
  return `${introduction}\n${analyzerMessages.map(row).join('\n')}\n`;
}

function countTable(): string {
  const head = [
    '| Analyzers | Cases | Messages expected | Found | Left out | Clean cases | False alarms |',
    '|---|---|---|---|---|---|---|',
  ];
  const sumOf = (part: Exclude<keyof CaseCount, 'analyzers'>) => caseCounts.reduce((sum, each) => sum + each[part], 0);
  const total: CaseCount = {
    analyzers: 'together',
    cases: sumOf('cases'),
    expected: sumOf('expected'),
    found: sumOf('found'),
    leftOut: sumOf('leftOut'),
    clean: sumOf('clean'),
    alarms: sumOf('alarms'),
  };
  return [...head, ...[...caseCounts, total].map(countRow)].join('\n');
}

function countRow({ analyzers, cases, expected, found, leftOut, clean, alarms }: CaseCount): string {
  return `| ${[analyzers, cases, expected, found, leftOut, clean, alarms].join(' | ')} |`;
}

function row({ code, name, ambit, codes, note }: AnalyzerMessage): string {
  const links = codes.map((each) => `[${each}](diagnostics/${each}.md)`).join(', ');
  return `| ${code} ${name} | ${ambit} | ${links} | ${note} |`;
}
