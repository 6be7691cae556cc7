import type { EnforcementPoint, Pin } from './ast.js';
import type { Cursor } from './cursor.js';

/** What `enforcement` says of a rule. */
export function readPin(enforcement: Cursor): Pin {
  const [field] = enforcement.fields();
  const mode = field?.key as Pin['mode'];
  const points = enforcement.field(mode).items();
  return { mode, points: points.map((point) => point.text().value as EnforcementPoint), span: enforcement.keySpan };
}
