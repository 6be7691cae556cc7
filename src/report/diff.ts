export type { ComparedSide, DiffReport } from './diff/diff-report.js';
export { changesAsFindings, undecidedAsFindings } from './diff/findings.js';
export { diffToJson } from './diff/json.js';
export { diffToMarkdown } from './diff/markdown.js';
export { toldChanges } from './diff/tell.js';
export { diffToText } from './diff/text.js';
