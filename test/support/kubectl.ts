import { spawnSync } from 'node:child_process';

/** Whether this machine can ask kubectl how it reads a text; no cluster is needed for that. */
export const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

/** The objects that kubectl reads from a stream, or its reason to refuse it. */
export function readWithKubectl(text: string): readonly { readonly spec: unknown }[] | string {
  const { status, stdout, stderr } = spawnSync('kubectl', ['annotate', '--local', '-f', '-', 'x=y', '-o', 'json'], {
    input: text,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) return stderr;
  return JSON.parse(`[${stdout.replace(/\n\}\n\{/g, '\n},\n{')}]`);
}

/** A document of a kind that kubectl does not know, with a text as its whole `spec`. */
export function documentWithSpec(spec: string): string {
  return `apiVersion: example.com/v1\nkind: Probe\nmetadata:\n  name: probe\nspec: ${spec}\n`;
}
