export type { ChangeReport } from './changes/change-report.js';
export { changesBetween, type ObjectAt } from './changes/changed-objects.js';
export { effectsOf } from './changes/effects.js';
export { changesToJson } from './changes/json.js';
export { changesToText } from './changes/text.js';
