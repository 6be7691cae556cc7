export type { ChangeReport } from './changes/change-report.js';
export { changedObjects, type WrittenFile } from './changes/changed-objects.js';
export { effectsOf } from './changes/effects.js';
export { changesToJson } from './changes/json.js';
export { changesToText } from './changes/text.js';
