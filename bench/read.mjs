import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The least that any answer about a project costs: every file of it read as text, one after the other.
 *
 * usage: node bench/read.mjs <project directory>
 */
const [project] = process.argv.slice(2);

let length = 0;
for (const directory of [project, ...directoriesBelow(project)]) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isFile()) length += readFileSync(join(directory, entry.name), 'utf8').length;
  }
}
console.log(`${length} characters read`);

function directoriesBelow(directory) {
  const inner = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return inner.flatMap(({ name }) => [join(directory, name), ...directoriesBelow(join(directory, name))]);
}
