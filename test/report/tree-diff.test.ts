import { expect, it } from 'vitest';
import { diffTrees } from '../../src/report/tree-diff.js';

const tree = (files: Record<string, string>) => new Map(Object.entries(files));

it('shows what changed, came and went, in order of path', () => {
  const before = tree({ 'out/same.yaml': 's\n', 'out/gone.yaml': 'g\n', 'out/changed.yaml': 'a\nb\n' });
  const after = tree({ 'out/new.yaml': 'n\n', 'out/same.yaml': 's\n', 'out/changed.yaml': 'a\nc\n' });
  expect(diffTrees(before, after)).toBe(`--- a/out/changed.yaml
+++ b/out/changed.yaml
@@ -1,2 +1,2 @@
 a
-b
+c
--- a/out/gone.yaml
+++ /dev/null
@@ -1,1 +0,0 @@
-g
--- /dev/null
+++ b/out/new.yaml
@@ -0,0 +1,1 @@
+n
`);
});

it('is empty for equal trees', () => {
  expect(diffTrees(tree({ a: 'x\n' }), tree({ a: 'x\n' }))).toBe('');
});
