// Writes src/topology/known-fields.json from CustomResourceDefinitions:
//
//   node test/support/write-known-fields.mjs 1.28=crd-all.gen.yaml 1.29=… any=gateway-api/config/crd/…
//
// The releases of Istio are given oldest first, each with its file. What is given for `any` (files or directories of the
// Gateway API, of every release and channel that people install) is taken together: no release of Istio decides it.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: [new URL('crd-fields.ts', import.meta.url).pathname],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { acrossReleases, fieldsOfDefinitions, together } = await import(`data:text/javascript;base64,${code}`);

const given = process.argv.slice(2).map((argument) => argument.split('='));
const read = (path) =>
  statSync(path).isDirectory() ? readdirSync(path).map((name) => read(join(path, name))) : readFileSync(path, 'utf8');
const definitions = (path) => fieldsOfDefinitions([read(path)].flat(Infinity).join('\n---\n'));

const releases = given.filter(([release]) => release !== 'any').map(([release, path]) => [release, definitions(path)]);
const others = given.filter(([release]) => release === 'any').map(([, path]) => definitions(path));
const kindsOf = (all) => [...new Set(all.flatMap((kinds) => Object.keys(kinds)))];

// A kind is taken as a field of its group is: one that came later carries the release.
const known = [
  ...Object.entries(acrossReleases(releases)),
  ...kindsOf(others).map((kind) => [kind, together(others.flatMap((kinds) => (kind in kinds ? [kinds[kind]] : [])))]),
].filter(([kind]) => !kind.includes('.x-k8s.io/'));

known.sort(([left], [right]) => (left < right ? -1 : 1));
const target = new URL('../../src/topology/known-fields.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
