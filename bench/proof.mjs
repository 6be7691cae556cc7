import { importSource } from './import-source.mjs';

/**
 * Times the comparison of a compiled project with its intents, and nothing around it: with workloads that are alike
 * compared once, or each by itself. Prints the time and the number of workloads as JSON.
 *
 * usage: node bench/proof.mjs <project directory> grouped|apart
 */
const [project, mode] = process.argv.slice(2);

const parts = await importSource(`
  export { load } from './cli/project/load.ts';
  export { nodeHost } from './cli/files/node-host.ts';
  export { compile } from './pipeline.ts';
  export { deploy } from './mesh/deployed.ts';
  export { prove } from './proof/prove.ts';
`);
const today = new Date().toISOString().slice(0, 10);
const host = parts.nodeHost({ packageDirectory: '.', version: '' });
const { sources } = (await parts.load(host, { filename: [], project })).value;
const { files, resolved, topology, objects } = parts.compile(sources, { today, provenance: 'full', verify: false });
const deployed = parts.deploy(topology.mesh, objects, files).value;
const existing = new Set(deployed.given.map(({ object }) => object));

const start = process.hrtime.bigint();
const proof = parts.prove(deployed.mesh, resolved, {
  isExisting: (object) => existing.has(object),
  groups: mode === 'grouped',
});
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
if (proof.workloads === 0 || proof.differences.length > 0) throw new Error('only a proof is a measurement');
console.log(JSON.stringify({ milliseconds, workloads: proof.workloads }));
