import type { LogLine } from './log-line.js';
import { readProxyLine } from './proxy.js';
import { readZtunnelLine } from './ztunnel.js';

/** What a line of a log says, with or without what `kubectl logs` puts before it; `undefined` where it is of no known form. */
export function readLogLine(text: string): LogLine | undefined {
  const line = text.trim().replace(/^\[pod\/[^\]]+\] /, '');
  return readZtunnelLine(line) ?? readProxyLine(line);
}
