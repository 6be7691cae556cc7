import { relative, resolve } from 'node:path';
import { baselineOf } from '../../acceptances/baseline.js';
import { clustersOf } from '../../acceptances/finding.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result, SourceFile } from '../../diagnostics/diagnostic.js';
import { readYaml } from '../../parse/read-yaml.js';
import type { VerifyResult } from '../../pipeline.js';
import { type BaselineHead, baselineToText } from '../../report/baseline.js';
import type { Host } from '../files/host.js';
import { exists } from '../files/output-tree.js';
import { readText } from '../files/read-text.js';
import { writeFile } from '../files/write-file.js';
import { type InputOptions, type Loaded, load } from './load.js';

export interface BaselineOptions {
  /** A file that lists findings which do not count. */
  readonly baseline?: string;
}

/** Reads the inputs, and the baseline beside them. */
export async function loadWithBaseline(host: Host, options: InputOptions & BaselineOptions): Promise<Result<Loaded>> {
  const loaded = await load(host, options);
  return options.baseline === undefined ? loaded : withBaseline(host, loaded, options.baseline);
}

/** What `ambit explain accepted` is told to list what holds here. */
export function inputsWithBaseline({ inputs }: Loaded, { baseline }: BaselineOptions): readonly string[] {
  return baseline === undefined ? inputs : [...inputs, '--baseline', baseline];
}

/** A baseline that is one of the inputs already counts once. */
function withBaseline(host: Host, { value, diagnostics }: Result<Loaded>, named: string): Result<Loaded> {
  const path = resolve(host.workingDirectory, named);
  const shown = relative(value.directory, path);
  const content = readText(host.files, path, named, null);
  if ('fault' in content) return { value, diagnostics: [...diagnostics, content.fault] };
  const source = { path: shown, text: content.text };
  if (headOf(source) === undefined) return { value, diagnostics: [...diagnostics, noBaseline(named)] };
  const isRead = value.sources.some((each) => each.path === shown);
  return isRead ? { value, diagnostics } : { value: { ...value, sources: [...value.sources, source] }, diagnostics };
}

function noBaseline(path: string): Diagnostic {
  return diagnostic('no-baseline', { path }, null);
}

/** The name of a baseline, and what a person added to it; `undefined` for any other text. */
function headOf(file: SourceFile): BaselineHead | undefined {
  const values = readYaml(file, 'intent').value.map(({ value }) => Object(value));
  const baseline = values.find(({ kind }) => kind === 'Baseline');
  if (baseline === undefined) return undefined;
  const { until, reason, owner } = Object(baseline.spec);
  return {
    name: textOf(Object(baseline.metadata).name) ?? defaultName,
    until: textOf(until),
    reason: textOf(reason),
    owner: textOf(owner),
  };
}

const defaultName = 'findings';

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What became of a baseline that was to be written. */
interface WrittenBaseline {
  readonly count: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Writes what was found as a baseline. A file that is there already has to be one, and keeps what a person added to it. */
export function writeBaseline(host: Host, named: string, found: VerifyResult, { sources }: Loaded): WrittenBaseline {
  const path = resolve(host.workingDirectory, named);
  const head = exists(host.files, path)
    ? headOf({ path: named, text: textAt(host, path, named) })
    : { name: defaultName };
  if (head === undefined) return { count: 0, diagnostics: [noBaseline(named)] };
  const findings = baselineOf(found, clustersOf(sources));
  return { count: findings.length, diagnostics: writeFile(host, path, baselineToText(head, findings)) };
}

/** Whatever cannot be read is no baseline. */
function textAt({ files }: Host, path: string, shown: string): string {
  const content = readText(files, path, shown, null);
  return 'fault' in content ? '' : content.text;
}
