import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import type { CompileOptions, OutputFile, Source } from '../../src/pipeline.js';

/** One folder of golden/: its inputs, its options, and what must come out. */
export interface Case {
  /** `area/name` */
  readonly name: string;
  readonly directory: string;
  readonly title: string;
  /** What is done with it: golden/lint holds manifests to lint, golden/verify output to verify, golden/diff, golden/gate and golden/drift two states (see `diff-cases.ts`); everything else is compiled. */
  readonly command: 'compile' | 'lint' | 'verify' | 'diff' | 'gate' | 'drift';
  /** The codes that must be reported, each as often as it occurs; empty for a case that compiles without a word. */
  readonly expect: readonly string[];
  readonly options: CompileOptions;
  readonly sources: readonly Source[];
  /** An output as somebody left it, below the name of its cluster: `applied/<cluster>/…`. */
  readonly applied: readonly OutputFile[];
  /** Requests, and what becomes of each. */
  readonly asks: readonly Ask[];
}

/** `GET /path from namespace/workload to namespace/service:port`, or `bytes from … to …`, in the words of `ambit trace`. */
export interface Ask {
  readonly ask: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** One for each pod that may get it: `allowed at <pod>`, with what routes made of it; what its caller sees; or `not known`. */
  readonly answer: string | readonly string[];
}

const root = new URL('../../golden/', import.meta.url).pathname;

/** Every folder with a case.yaml for a command, in order of name. */
export function goldenCases(command: Case['command'] = 'compile'): Case[] {
  return filesBelow(root)
    .filter((path) => path.endsWith(`${sep}case.yaml`))
    .map((path) => readCase(path.slice(0, -'/case.yaml'.length)))
    .filter((golden) => golden.command === command)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function readCase(directory: string): Case {
  const settings = parse(readFileSync(join(directory, 'case.yaml'), 'utf8')) as {
    readonly title: string;
    readonly command?: Case['command'];
    readonly expect?: readonly string[];
    readonly options?: Partial<CompileOptions>;
    readonly asks?: readonly Ask[];
  };
  return {
    name: relative(root, directory),
    directory,
    title: settings.title,
    command: settings.command ?? 'compile',
    expect: settings.expect ?? [],
    options: { today: '2026-06-01', provenance: 'full', ...settings.options },
    sources: sourcesOf(directory),
    applied: filesBelow(join(directory, 'applied')).map((path) => ({
      path: relative(join(directory, 'applied'), path).split(sep).join('/'),
      text: readFileSync(path, 'utf8'),
    })),
    asks: settings.asks ?? [],
  };
}

/** intents*.yaml and mesh.yaml are Ambit's; manifests.yaml, or manifests/<cluster>.yaml, are Kubernetes'. */
function sourcesOf(directory: string): Source[] {
  return filesBelow(directory)
    .map((path) => relative(directory, path))
    .filter((path) => !/^(?:expected|applied|before|after|both|case\.yaml$|README\.md$)/.test(path))
    .map((path) => {
      const cluster = /^manifests[/\\](.+)\.(ya?ml|json)$/.exec(path)?.[1];
      return {
        path: path.split(sep).join('/'),
        text: readFileSync(join(directory, path), 'utf8'),
        ...(cluster && { cluster }),
      };
    });
}

/** Every file below a directory; none where it does not exist. */
export function filesBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      return statSync(path).isDirectory() ? filesBelow(path) : [path];
    });
}

/** The `# expect: AMB…` comments of the sources, as `path:line code`. */
export function expectedPlaces(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const codes = /# expect: ((?:AMB\d{4}[ ,]*)+)/.exec(line)?.[1]?.match(/AMB\d{4}/g) ?? [];
      return codes.map((code) => `${path}:${index + 1} ${code}`);
    }),
  );
}
