export { commandLine, type GateReport } from './gate/gate-report.js';
export { gateToJson } from './gate/json.js';
export { gateToMarkdown } from './gate/markdown.js';
export { gateToText } from './gate/text.js';
