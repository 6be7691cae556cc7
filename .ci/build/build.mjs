// Builds the package's code: the command line in dist/ambit.js with its parts in dist/ambit/, the library in dist/index.js,
// and beside them what is owed to the packages bundled there. Another directory than dist may be named.
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { bundledPackages, writeNotices, writeSbom } from './bundled-packages.mjs';
import { rawText } from './raw-text.mjs';
import { writeValidators } from './validators.mjs';

const [directory = 'dist'] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  metafile: true,
  plugins: [rawText],
  define: { ambitVersion: JSON.stringify(version) },
  // Libraries written as CommonJS ask for Node's own modules through `require`, which an ES module does not have.
  banner: {
    js: "import{createRequire as createAmbitRequire}from'node:module';const require=createAmbitRequire(import.meta.url);",
  },
};

rmSync(directory, { recursive: true, force: true });
await writeValidators();

// What a command needs lies in files of its own, so that `ambit --version` does not even scan the compiler.
const commandLine = await build({
  ...common,
  entryPoints: { ambit: 'src/main.ts' },
  outdir: directory,
  splitting: true,
  chunkNames: 'ambit/[name]-[hash]',
  // Half the text is half the time to scan it at every start; names are kept for the trace of a bug.
  minifySyntax: true,
  minifyWhitespace: true,
});
chmodSync(`${directory}/ambit.js`, 0o755);

const library = await build({ ...common, entryPoints: ['src/index.ts'], outfile: `${directory}/index.js` });

const packages = bundledPackages([commandLine.metafile, library.metafile]);
writeNotices(packages, directory);
writeSbom(packages, directory);
