export { logToJson } from './log/json.js';
export type { Commit, LogApproval, LogEntry, LogReport } from './log/log-report.js';
export { logToText } from './log/text.js';
