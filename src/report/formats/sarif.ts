import type { Accepted } from '../../acceptances/settle.js';
import type { Diagnostic, Fix, Note, Span } from '../../diagnostics/diagnostic.js';
import type { Severity } from '../../diagnostics/entry.js';
import { inReportOrder } from '../../diagnostics/order.js';
import { exactRangeOf, type Range, rangeOf } from '../../diagnostics/position.js';
import type { JsonObject } from '../../parse/document.js';
import { detailLines, type Findings } from './findings.js';
import { type Fingerprinted, withFingerprints } from './fingerprints.js';
import { rulesOf } from './sarif-rules.js';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** What GitHub takes of one file; it refuses a file that has more. */
const mostResults = 25_000;
const mostLocations = 1_000;

/**
 * Findings as SARIF 2.1.0. A request that shows a fault is a code flow, with what each enforcement point does to it; what
 * somebody accepts is a result that is suppressed. Paths are relative to where the command runs, which should be the
 * root of the repository.
 */
export function findingsToSarif(findings: Findings): string {
  const { diagnostics, accepted, displayPath, version } = findings;
  const acceptedBy = new Map(accepted.map((each) => [each.diagnostic, each]));
  const found = withFingerprints(inReportOrder([...diagnostics, ...acceptedBy.keys()]), displayPath);
  const shown = found.slice(0, mostResults);
  const rules = rulesOf(shown, findings.pageOf);
  const ruleIndexes = new Map(rules.map(({ id }, index) => [id, index]));
  const report = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Ambit', semanticVersion: version, version, rules } },
        automationDetails: { id: 'ambit/' },
        columnKind: 'utf16CodeUnits',
        invocations: [invocation(found.length - shown.length)],
        results: shown.map((each) => ({
          ruleId: each.item.code,
          ruleIndex: ruleIndexes.get(each.item.code) ?? -1,
          ...resultOf(each, displayPath),
          ...suppressed(acceptedBy.get(each.item)),
        })),
      },
    ],
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function invocation(left: number): JsonObject {
  if (left === 0) return { executionSuccessful: true };
  const text = `${left} more findings are left out, since SARIF viewers take ${mostResults}`;
  return {
    executionSuccessful: true,
    toolExecutionNotifications: [{ level: 'warning', message: { text } }],
  };
}

/** Where a finding is shown that is about no file: GitHub takes none without a place. */
const noFile: JsonObject = { artifactLocation: { uri: '.' }, region: { startLine: 1 } };

function resultOf({ item, fingerprint }: Fingerprinted, displayPath: Findings['displayPath']): JsonObject {
  const { severity, message, span, witness, notes, fix } = item;
  const related = notes.filter((note) => note.span !== undefined && note.isStep !== true).slice(0, mostLocations);
  const steps = notes.filter(({ isStep }) => isStep === true);
  return {
    level: levels[severity],
    message: { text: [message, ...detailLines(item)].join('\n') },
    locations: [{ physicalLocation: span === null ? noFile : physicalLocation(span, displayPath) }],
    ...(related.length > 0 && { relatedLocations: related.map((note) => locationOf(note, displayPath)) }),
    ...(witness !== undefined && steps.length > 0 && { codeFlows: [codeFlow(witness, steps, displayPath)] }),
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    ...(fix !== undefined && { fixes: [fixOf(fix, item, displayPath)] }),
  };
}

/** The request, and then what each enforcement point does to it. */
function codeFlow(witness: string, steps: readonly Note[], displayPath: Findings['displayPath']): JsonObject {
  const locations = [{ message: witness }, ...steps].slice(0, mostLocations);
  return {
    message: { text: witness },
    threadFlows: [{ locations: locations.map((note) => ({ location: locationOf(note, displayPath) })) }],
  };
}

function locationOf({ message, span }: Note, displayPath: Findings['displayPath']): JsonObject {
  const text = { message: { text: message } };
  return span === undefined ? text : { physicalLocation: physicalLocation(span, displayPath), ...text };
}

function physicalLocation(span: Span, displayPath: Findings['displayPath']): JsonObject {
  return { artifactLocation: { uri: uriOf(span, displayPath) }, region: regionOf(rangeOf(span)) };
}

function uriOf({ file }: Span, displayPath: Findings['displayPath']): string {
  return displayPath(file.path).split('/').map(encodeURIComponent).join('/');
}

function regionOf({ start, end }: Range): JsonObject {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function fixOf({ span, replacement }: Fix, { help }: Diagnostic, displayPath: Findings['displayPath']): JsonObject {
  return {
    ...(help !== undefined && { description: { text: help } }),
    artifactChanges: [
      {
        artifactLocation: { uri: uriOf(span, displayPath) },
        replacements: [{ deletedRegion: regionOf(exactRangeOf(span)), insertedContent: { text: replacement } }],
      },
    ],
  };
}

function suppressed(accepted: Accepted | undefined): JsonObject {
  if (accepted === undefined) return {};
  const { reason, writtenIn } = accepted.acceptance;
  const kind = writtenIn === 'baseline' ? 'external' : 'inSource';
  return { suppressions: [{ kind, status: 'accepted', justification: reason }] };
}
