import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The compiler's own modules, as `contents` exports them by their paths below `src`: most are no part of the library. */
export async function importSource(contents) {
  const directory = mkdtempSync(join(tmpdir(), 'ambit-bench-'));
  const outfile = join(directory, 'parts.mjs');
  const resolveDir = fileURLToPath(new URL('../src', import.meta.url));
  await build({
    stdin: { contents, resolveDir, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
    banner: {
      js: "import{createRequire as createAmbitRequire}from'node:module';const require=createAmbitRequire(import.meta.url);",
    },
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
