import type { Severity } from '../../diagnostics/entry.js';
import type { JsonObject } from '../../parse/document.js';
import { summaryOf } from '../markdown/summary.js';
import type { Findings } from './findings.js';
import type { Fingerprinted } from './fingerprints.js';

interface SarifRule extends JsonObject {
  readonly id: string;
}

const problemSeverities: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
};

/** What a code is about, by its first digit. */
const areas: readonly string[] = ['project', 'document', 'name', 'placement', 'output', 'proof', 'change'];

/** The codes that were found, each with its page as help, in order of code. */
export function rulesOf(found: readonly Fingerprinted[], pageOf: Findings['pageOf']): readonly SarifRule[] {
  const byCode = new Map(found.map(({ item }) => [item.code, item]));
  return [...byCode.keys()].sort().flatMap((code) => {
    const item = byCode.get(code);
    return item === undefined ? [] : [ruleOf(code, item, pageOf(code))];
  });
}

function ruleOf(id: string, { name, severity }: Fingerprinted['item'], page: string): SarifRule {
  const { title, first } = summaryOf(page);
  return {
    id,
    name: pascalCase(name),
    shortDescription: { text: title.replace(`${id}: `, '') },
    fullDescription: { text: first },
    help: { text: first, markdown: page },
    defaultConfiguration: { level: severity === 'info' ? 'note' : severity },
    properties: {
      tags: ['istio', areas[Number(id.charAt('AMB'.length))] ?? 'project'],
      precision: 'very-high',
      'problem.severity': problemSeverities[severity],
    },
  };
}

function pascalCase(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
