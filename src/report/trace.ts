export { traceToJson } from './trace/json.js';
export { sourceIntentsOf } from './trace/origins.js';
export { traceToText } from './trace/text.js';
export type { TraceReport } from './trace/trace-report.js';
