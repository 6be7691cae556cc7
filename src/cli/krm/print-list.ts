import type { JsonObject } from '../../parse/document.js';
import type { Item } from './item.js';
import { indented, printObject } from './item-text.js';
import type { ResourceList } from './resource-list.js';

/** The list that goes back to the tool, with every comment that it came with. */
export function printList({ apiVersion, items, functionConfig }: ResourceList, results: readonly JsonObject[]): string {
  return [
    `apiVersion: ${apiVersion}`,
    'kind: ResourceList',
    ...(items.length === 0 ? ['items: []'] : ['items:', ...items.map(listed)]),
    ...(functionConfig === undefined ? [] : ['functionConfig:', indented(functionConfig.text, '  ')]),
    ...(results.length === 0 ? [] : [printObject({ results }).trimEnd()]),
    '',
  ].join('\n');
}

function listed({ text }: Item): string {
  return indented(text, '- ');
}
