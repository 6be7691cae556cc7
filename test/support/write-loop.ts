import { nodeHost } from '../../src/cli/files/node-host.js';
import { writeTree } from '../../src/cli/files/write-tree.js';

/** Writes two trees in turn, the given number of times, until somebody stops it: `write-loop DIRECTORY TIMES`. */
const [directory = '', times = '0'] = process.argv.slice(2);
const host = nodeHost({ packageDirectory: '/', version: 'test', programName: 'ambit' });

for (let turn = 0; turn < Number(times); turn++) {
  const { diagnostics } = await writeTree(host, directory, treeOf(turn % 2 === 0 ? 'even' : 'odd'));
  for (const { message } of diagnostics) process.stderr.write(`${message}\n`);
  if (turn === 0) process.stdout.write('started\n');
}

/** All files say which tree they belong to, so that a mixture shows. */
function treeOf(name: string) {
  const paths = Array.from({ length: 60 }, (_, index) => `east/20-policies/${name}-${index}.yaml`);
  return [...paths, 'east/shared.yaml'].map((path) => ({ path, text: `${name}\n`.repeat(50) }));
}
