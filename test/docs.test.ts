import { expect, it } from 'vitest';
import { documents } from '../src/laws/documents.js';
import { inventoryPage } from '../src/report/inventory-page.js';
import { lawDocumentPage, lawIndexPage } from '../src/report/law-page.js';
import { commandLineReference } from './support/docs/command-line.js';
import { diagnosticsIndex } from './support/docs/diagnostics-index.js';
import { istioctlAnalyze } from './support/docs/istioctl-analyze.js';
import { reviewExamples } from './support/docs/review-examples.js';
import { trafficPage } from './support/docs/traffic.js';

const pages: ReadonlyArray<{ readonly path: string; readonly print: () => string }> = [
  { path: 'command-line.md', print: commandLineReference },
  { path: 'kinds.md', print: inventoryPage },
  { path: 'diagnostics/README.md', print: diagnosticsIndex },
  { path: 'istioctl-analyze.md', print: istioctlAnalyze },
  { path: 'traffic.md', print: trafficPage },
  { path: 'review-examples.md', print: reviewExamples },
  { path: 'laws/README.md', print: lawIndexPage },
  ...documents.map((document) => ({ path: `laws/${document.name}.md`, print: () => lawDocumentPage(document) })),
];

const notice = '<!-- Printed from the code by `npm run docs`: change the code, not this page. -->';

it.each(pages)('docs/$path is what `npm run docs` prints', async ({ path, print }) => {
  await expect(`${notice}\n\n${print()}`).toMatchFileSnapshot(`../docs/${path}`);
});
