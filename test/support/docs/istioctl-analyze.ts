import { type AnalyzerMessage, analyzerMessages } from '../istioctl/messages.js';

const introduction = `# What \`istioctl analyze\` says, and what Ambit says instead

Both read manifests. The analyzer says what looks wrong; Ambit says what becomes of which request, and leaves out what only
may be wrong. *Gives*: it finds the same. *Betters*: it finds what goes wrong, also where the analyzer does not look, and is
silent where nothing does. The analyzers’ own cases for VirtualServices, DestinationRules, Gateways, Sidecars, ServiceEntries
and Services are among Ambit’s tests: what is expected there is found, unless the table says why not, and nothing is said of
their clean cases.

| Message | Ambit | Reported as | Why |
|---|---|---|---|`;

/** The table of docs/istioctl-analyze.md. */
export function istioctlAnalyze(): string {
  return `${introduction}\n${analyzerMessages.map(row).join('\n')}\n`;
}

function row({ code, name, ambit, codes, note }: AnalyzerMessage): string {
  const links = codes.map((each) => `[${each}](diagnostics/${each}.md)`).join(', ');
  return `| ${code} ${name} | ${ambit} | ${links} | ${note} |`;
}
