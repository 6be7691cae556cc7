import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Builds the command line into a package of its own, which has the pages and schemas of this one, and says where. */
export function builtAmbit(): { readonly scratch: string; readonly ambit: string } {
  const scratch = mkdtempSync(join(tmpdir(), 'ambit-built-'));
  const ambit = join(scratch, 'package', 'dist', 'ambit.js');
  execFileSync('node', ['.ci/build/build.mjs', join(scratch, 'package', 'dist')]);
  for (const name of ['docs', 'schemas']) symlinkSync(resolve(name), join(scratch, 'package', name));
  return { scratch, ambit };
}
