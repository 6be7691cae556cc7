import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { importSource } from './import-source.mjs';

/**
 * Times `ambit compile`, from reading the files to writing the output, and again in the same process after one file of the
 * project was changed, as `compile --watch` does. Prints the processor time of the first run, of each later one by what was
 * changed, and the memory that is held in the end, as JSON. The project is left as it was.
 *
 * usage: node bench/again.mjs <project directory> <output directory>
 */
const [project, output] = process.argv.slice(2);
const changes = 5;

const parts = await importSource(`
  export { runCompile } from './cli/commands/compile.ts';
  export { load } from './cli/project/load.ts';
  export { nodeHost } from './cli/files/node-host.ts';
  export { readAgain } from './cli/files/read-again.ts';
  export { newMemory } from './util/memory.ts';
`);
const said = [];
const stream = { isTerminal: false, write: (text) => said.push(text) };
const memory = parts.newMemory();
const machine = parts.nodeHost({
  packageDirectory: fileURLToPath(new URL('..', import.meta.url)),
  version: '',
  programName: 'ambit',
});
const files = parts.readAgain(machine.files, memory.recall);
const host = { ...machine, files, output: stream, messages: stream };
const session = {
  host,
  diagnosticsFormat: 'human',
  color: false,
  quiet: false,
  reportLost() {},
  writeReports: () => [],
};
const { sources } = (await parts.load(machine, { filename: [], project })).value;
const rules = sources.filter(({ path, text }) => path.startsWith('intents/') && /paths: \[/.test(text));
const services = sources.filter(({ text }) => /^kind: Service$/m.test(text));

const first = await timeOfRun();
const again = {
  rule: await timesOfChanges(rules, (text) => text.replace(/paths: \[/, 'paths: [/one-more, ')),
  service: await timesOfChanges(services, (text) =>
    text.replace(/^kind: Service\nmetadata:$/m, '$&\n  annotations: { a: b }'),
  ),
};
console.log(JSON.stringify({ first, again, held: heldMebibytes() }));

/** Changes one file after the other, and all of them back in the end. */
async function timesOfChanges(changeable, change) {
  const times = [];
  const before = new Map();
  for (let index = 0; index < changes; index++) {
    const path = join(project, changeable[(index * 7) % changeable.length].path);
    const text = readFileSync(path, 'utf8');
    before.set(path, text);
    if (change(text) === text) throw new Error(`nothing was changed in ${path}`);
    writeFileSync(path, change(text));
    times.push(await timeOfRun());
  }
  for (const [path, text] of before) writeFileSync(path, text);
  await timeOfRun();
  return times;
}

async function timeOfRun() {
  said.length = 0;
  const before = process.cpuUsage();
  const exitCode = await parts.runCompile(session, { filename: [], project, outputDir: output }, memory);
  const { user, system } = process.cpuUsage(before);
  if (exitCode !== 0 || !/ proved /.test(said.join(''))) throw new Error('only a proved compilation is a measurement');
  return (user + system) / 1000;
}

function heldMebibytes() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
