// Bundles the command line into dist/ambit.js with its parts in dist/ambit/, and the library into dist/index.js; another directory may be named.
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const [directory = 'dist'] = process.argv.slice(2);
const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  define: { ambitVersion: JSON.stringify(version) },
};

// Dependencies written as CommonJS ask for Node's own modules through `require`, which an ES module does not have.
const requireForCommonJs =
  "import{createRequire as createAmbitRequire}from'node:module';const require=createAmbitRequire(import.meta.url);";

rmSync(directory, { recursive: true, force: true });

// What a command needs lies in files of its own, so that `ambit --version` does not even scan the compiler.
await build({
  ...common,
  entryPoints: { ambit: 'src/main.ts' },
  outdir: directory,
  splitting: true,
  chunkNames: 'ambit/[name]-[hash]',
  banner: { js: requireForCommonJs },
  // Half the text is half the time to scan it at every start; names are kept for the trace of a bug.
  minifySyntax: true,
  minifyWhitespace: true,
});
chmodSync(`${directory}/ambit.js`, 0o755);

await build({
  ...common,
  entryPoints: ['src/index.ts'],
  outfile: `${directory}/index.js`,
  external: Object.keys(dependencies),
});
