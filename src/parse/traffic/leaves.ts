import type { Cursor } from '../cursor.js';

export function numberOf(node: Cursor): number {
  return Number(node.value);
}

export function textOf(node: Cursor): string {
  return node.text().value;
}

export function readPort(node: Cursor): { readonly value: string | number; readonly span: Cursor['span'] } {
  return { value: node.value as string | number, span: node.span };
}
