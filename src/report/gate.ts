export type { GateReport } from './gate/gate-report.js';
export { gateToJson } from './gate/json.js';
export { gateToMarkdown } from './gate/markdown.js';
export { commandLine, gateToText } from './gate/text.js';
