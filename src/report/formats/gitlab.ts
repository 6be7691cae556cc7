import type { Severity } from '../../diagnostics/entry.js';
import { inReportOrder } from '../../diagnostics/order.js';
import { rangeOf } from '../../diagnostics/position.js';
import { detailLines, type Findings } from './findings.js';
import { withFingerprints } from './fingerprints.js';

const severities: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', info: 'info' };

/** What GitLab shows a finding beside that is about no file: it drops one without a path. */
const noFile = { path: '.', lines: { begin: 1 } };

/** Findings as a Code Quality report of GitLab. */
export function findingsToGitLab({ diagnostics, displayPath }: Findings): string {
  const report = withFingerprints(inReportOrder(diagnostics), displayPath).map(({ item, fingerprint }) => ({
    description: `${item.message} (${item.code})`,
    check_name: item.code,
    content: { body: detailLines(item).join('\n\n') },
    fingerprint,
    severity: severities[item.severity],
    location:
      item.span === null
        ? noFile
        : { path: displayPath(item.span.file.path), lines: { begin: rangeOf(item.span).start.line } },
  }));
  return `${JSON.stringify(report, null, 2)}\n`;
}
