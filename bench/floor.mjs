import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { dump, loadAll } from 'js-yaml';

/**
 * The least that any compiler of this project must do, with the libraries alone: read every input file and parse it,
 * print every output document. It decides nothing, and has the output as JSON beforehand.
 *
 * usage: node bench/floor.mjs <project directory> <output documents as JSON>
 */
const [project, documents] = process.argv.slice(2);

const inputs = ['ambit.yaml', ...yamlFiles('clusters'), ...yamlFiles('intents')];
let objects = 0;
for (const path of inputs) loadAll(readFileSync(join(project, path), 'utf8'), () => objects++);

const output = createWriteStream(devNull);
const printed = JSON.parse(readFileSync(documents, 'utf8'));
for (const document of printed) output.write(`---\n${dump(document, { noRefs: true, lineWidth: -1 })}`);
output.end();
console.log(`${objects} objects read, ${printed.length} printed`);

function yamlFiles(folder) {
  const paths = readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => path.endsWith('.yaml')).map((path) => join(folder, path));
}
