import { diagnosticsToJson } from '../json.js';
import type { Findings } from './findings.js';
import { findingsToGitHub } from './github.js';
import { findingsToGitLab } from './gitlab.js';
import { findingsToJunit } from './junit.js';
import { findingsToMarkdown } from './markdown.js';
import { findingsToSarif } from './sarif.js';

/** How a program, or a page, is told what was found. */
export const reportFormats = ['json', 'sarif', 'junit', 'github', 'gitlab', 'markdown'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** All that was found, in a format. */
export function printFindings(format: ReportFormat, findings: Findings): string {
  return printers[format](findings);
}

const printers: Readonly<Record<ReportFormat, (findings: Findings) => string>> = {
  json: ({ diagnostics, displayPath, aside, proved }) =>
    diagnosticsToJson(diagnostics, displayPath, aside, undefined, proved),
  sarif: findingsToSarif,
  junit: findingsToJunit,
  github: findingsToGitHub,
  gitlab: findingsToGitLab,
  markdown: findingsToMarkdown,
};
