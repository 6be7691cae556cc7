import { blocksOf } from './blocks.js';

/** The title of a page, and its first paragraph. */
export function summaryOf(page: string): { readonly title: string; readonly first: string } {
  const blocks = blocksOf(page);
  const [title = ''] = blocks.flatMap((block) => (block.kind === 'heading' ? [block.text] : []));
  const [first = title] = blocks.flatMap((block) => (block.kind === 'paragraph' ? [block.text] : []));
  return { title, first };
}
