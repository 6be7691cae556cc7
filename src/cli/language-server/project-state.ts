import { basename, relative, resolve } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { type Known, nextKnown } from '../../language-server/known.js';
import { compile } from '../../pipeline.js';
import { tellCase } from '../../policy-tests/tell.js';
import type { Memory } from '../../util/memory.js';
import type { Progress } from '../../util/progress.js';
import { type Edits, withEdits } from '../files/edited-files.js';
import type { Host } from '../files/host.js';
import { checkVersion } from '../project/check-version.js';
import { type Loaded, load } from '../project/load.js';
import { outputOfProject } from '../project/written-output.js';
import { today } from '../today.js';

/** A project as somebody writes in it. */
export interface ProjectState {
  /** Its file; absolute. */
  readonly path: string;
  readonly loaded: Loaded;
  /** `undefined` until its files could be read. */
  readonly known: Known | undefined;
  readonly found: readonly Diagnostic[];
  /** Whether nothing else is found in these texts: they were judged, or are wrong before that. */
  readonly isWhole: boolean;
  /** Whether they are wrong before any proof. */
  readonly isRefused: boolean;
}

/** What is found in a project once it is proved and tested. */
export type Judged = Pick<ProjectState, 'found' | 'isRefused'>;

/** `compiled`: all but the proof and the tests, which take most of the time. */
export type Depth = 'compiled' | 'judged';

export interface Reading {
  readonly depth: Depth;
  /** What was found the last time, of which an edit changes little. */
  readonly memory: Memory;
  /** Told now and then; what it throws ends the reading. */
  readonly progress?: Progress;
}

/** Reads and judges a project with what is written and not saved in place of what is on the disk. */
export async function readProject(
  host: Host,
  path: string,
  edits: Edits,
  before: ProjectState | undefined,
  { depth, memory, progress }: Reading,
): Promise<ProjectState> {
  const { value: loaded, diagnostics } = await load(withEdits(host, edits), { filename: [], project: path });
  const said = [...diagnostics, ...checkVersion(loaded.project, host.version)];
  if (hasErrors(said)) return { path, loaded, known: before?.known, found: said, isWhole: true, isRefused: true };
  const { provenance = 'full', syncWaves = false } = loaded.project ?? {};
  const isJudged = depth === 'judged';
  const judging = { accessTests: isJudged, verify: isJudged };
  const result = compile(loaded.sources, {
    inputs: loaded.inputs,
    today: today(host),
    said,
    provenance,
    syncWaves,
    memory,
    progress,
    ...judging,
  });
  const read = new Set(loaded.sources.map((source) => source.path));
  const shown = { isEmitted: (each: string) => !read.has(each), inputs: loaded.inputs };
  const cases = result.tests.flatMap((outcome) => tellCase(outcome, shown));
  const found = [...result.diagnostics, ...cases];
  const known = nextKnown(result, before?.known);
  const isRefused = hasErrors(found) && result.proof === undefined;
  return { path, loaded, known, found, isWhole: isJudged || isRefused, isRefused };
}

/** Where a file lies that a diagnostic or a target names; emitted ones are where the project puts them. */
export function placeOf({ loaded, known }: ProjectState, path: string): string {
  const emitted = [known?.latest, known?.whole].some((result) => result?.judged.some((file) => file.path === path));
  const isRead = loaded.sources.some((source) => source.path === path);
  const output = emitted && !isRead ? outputOfProject(loaded) : undefined;
  return resolve(output ?? loaded.directory, path);
}

/** The path of a file as the project's sources have it. */
export function sourcePath({ loaded }: ProjectState, path: string): string {
  return relative(loaded.directory, path);
}

/** The project file, as its sources have it. */
export function homeOf({ path }: ProjectState): string {
  return basename(path);
}
