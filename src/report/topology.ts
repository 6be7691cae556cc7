export { topologyToJson } from './topology/json.js';
export { topologyToText } from './topology/text.js';
