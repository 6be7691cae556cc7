export { type DriftReport, toldDrift } from './drift/drift-report.js';
export { driftToJson } from './drift/json.js';
export { driftToMarkdown } from './drift/markdown.js';
export { driftToText } from './drift/text.js';
