import { importSource } from './import-source.mjs';

/**
 * Times compiling and proving a project, and doing so again in the same process after one of its rules was changed, as
 * `compile --watch` does. Prints the processor time of the first run and of each later one as JSON.
 *
 * usage: node bench/again.mjs <project directory>
 */
const [project] = process.argv.slice(2);
const changes = 4;

const parts = await importSource(`
  export { load } from './cli/project/load.ts';
  export { nodeHost } from './cli/files/node-host.ts';
  export { compile } from './pipeline.ts';
  export { newMemory } from './util/memory.ts';
`);
const today = new Date().toISOString().slice(0, 10);
const host = parts.nodeHost({ packageDirectory: '.', version: '' });
const { sources } = (await parts.load(host, { filename: [], project })).value;
const memory = parts.newMemory();
const changeable = sources.filter(({ path, text }) => path.startsWith('intents/') && /paths: \[/.test(text));

const first = timeOf(sources);
const again = Array.from({ length: changes }, (_, index) => {
  const { path } = changeable[(index * 7) % changeable.length];
  return timeOf(sources.map((source) => (source.path === path ? { ...source, text: changed(source.text) } : source)));
});
console.log(JSON.stringify({ first, again }));

/** One more path for the first rule that names some. */
function changed(text) {
  return text.replace(/paths: \[/, 'paths: [/one-more, ');
}

function timeOf(inputs) {
  const before = process.cpuUsage();
  const { diagnostics, proof } = parts.compile(inputs, { today, memory });
  const { user, system } = process.cpuUsage(before);
  const isWrong = diagnostics.some(({ severity }) => severity === 'error');
  if (isWrong || proof === undefined) throw new Error('only a proved compilation is a measurement');
  return (user + system) / 1000;
}
