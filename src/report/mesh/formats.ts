import { meshToHtml } from '../html/print-page.js';
import { meshToDot } from './dot.js';
import { meshToMermaid } from './mermaid.js';
import type { MeshReport } from './mesh-report.js';

/** The formats of a report, each with what prints it. */
export const meshFormats = {
  html: meshToHtml,
  json: (report: MeshReport) => `${JSON.stringify(report, null, 2)}\n`,
  mermaid: meshToMermaid,
  dot: meshToDot,
} as const satisfies Readonly<Record<string, (report: MeshReport) => string>>;

export type MeshFormat = keyof typeof meshFormats;
