import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Istio's own sources, where the Go module lies on this machine; `undefined` where it does not. */
export const analysisDirectory = moduleDirectories()
  .map((directory) => join(directory, 'pkg/config/analysis'))
  .find((directory) => existsSync(join(directory, 'analyzers/analyzers_test.go')));

function moduleDirectories(): readonly string[] {
  const parent = join(moduleCache(), 'istio.io');
  if (!existsSync(parent)) return [];
  const names = readdirSync(parent).filter((name) => name.startsWith('istio@'));
  return names.sort().map((name) => join(parent, name));
}

function moduleCache(): string {
  try {
    return execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return join(homedir(), 'go/pkg/mod');
  }
}

/** A case of the analyzers' own test: files, the analyzer, and what it says of which object. */
export interface AnalyzerCase {
  readonly name: string;
  readonly files: readonly string[];
  readonly analyzer: string;
  readonly expected: ReadonlyArray<{ readonly message: string; readonly object: string }>;
}

export function analyzerCases(directory: string): readonly AnalyzerCase[] {
  const source = readFileSync(join(directory, 'analyzers/analyzers_test.go'), 'utf8');
  const [, rest = ''] = source.split('var testGrid = []testCase{');
  const [grid = ''] = rest.split('\n}\n');
  return grid
    .split(/\n\t\{\n/)
    .slice(1)
    .map((text) => ({
      name: /name:\s+"(.*)"/.exec(text)?.[1] ?? '',
      // The MeshConfig is no object of the cluster.
      files: [...text.matchAll(/"(testdata\/[^"]+)"/g)]
        .map(([, path = '']) => path)
        .filter((path) => !/mesh-?c/.test(path)),
      analyzer: /analyzer:\s+&?([\w.]+)/.exec(text)?.[1] ?? '',
      expected: [...text.matchAll(/\{msg\.(\w+), "([^"]*)"\}/g)].map(([, message = '', object = '']) => {
        return { message, object: (object.split(/[ /]/).at(-1) ?? '').toLowerCase() };
      }),
    }));
}

/** Names of some objects there are refused by Kubernetes itself: they are read in lower case. */
export function readInput(directory: string, path: string): string {
  const text = readFileSync(join(directory, 'analyzers', path), 'utf8');
  return text.replace(/^(\s+name: )(\S+)$/gm, (_, field: string, name: string) => field + name.toLowerCase());
}

/** Every message that the analyzers have, as `IST0101` and its name. */
export function knownMessages(directory: string): ReadonlyArray<readonly [string, string]> {
  const text = readFileSync(join(directory, 'msg/messages.yaml'), 'utf8');
  return [...text.matchAll(/- name: "(\w+)"\n\s+code: (IST\d+)/g)].map(
    ([, name = '', code = '']) => [code, name] as const,
  );
}
