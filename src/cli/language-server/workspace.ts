import { dirname, join, relative } from 'node:path';
import type { Diagnostic as Shown } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Names, shown, shownByPath } from '../../language-server/diagnostics.js';
import { faultsOfForm } from '../../language-server/faults-of-form.js';
import { type Memory, newMemory } from '../../util/memory.js';
import { pagesDirectory } from '../commands/session.js';
import { isBelow } from '../files/confined.js';
import type { Edits } from '../files/edited-files.js';
import type { Host } from '../files/host.js';
import { locateProject } from '../project/project-file.js';
import { pathOfUri, uriOfPath } from './file-uris.js';
import { openTexts, uriOfFile } from './open-texts.js';
import { type Depth, homeOf, type Judged, type ProjectState, placeOf, readProject } from './project-state.js';

/** Whoever types pauses longer than this only to look. */
const settleMilliseconds = 150;
/** A proof that takes longer is made when nobody types any more, and what is found before it is told first. */
const quickMilliseconds = 300;
/** Nobody waits longer than this for it to begin. */
const longestRest = 1000;

export interface Surroundings {
  /** Confined to the folders that are open. */
  readonly host: Host;
  /** Judges a project beside this thread; `undefined` where that cannot be, or something else was asked of it since. */
  judge(path: string, edits: Edits): Promise<Judged | undefined>;
  documents(): readonly TextDocument[];
  publish(uri: string, version: number | undefined, diagnostics: readonly Shown[]): void;
  /** Told of a fault of Ambit itself, after which the server goes on. */
  failed(error: unknown): void;
}

export interface Workspace {
  /**
   * The project of a file, as the texts are now, or, where it takes long to read, as it was last read; `undefined` where it has none,
   * or lies outside.
   */
  projectOf(path: string): Promise<ProjectState | undefined>;
  /** The same as it was last read, without a wait. */
  knownOf(path: string): ProjectState | undefined;
  namesOf(project: ProjectState): Names;
  /** Something has changed: the text of a file, or, without one, whatever lies on the disk. */
  changed(path?: string): void;
  /** Takes back all that is shown: other folders are open from now on. */
  leave(): void;
}

/** The projects of the files that are open, each read again when something that it reads has changed. */
export function openWorkspace({ host, judge, documents, publish, failed }: Surroundings): Workspace {
  const states = new Map<string, ProjectState>();
  const readings = new Map<string, Promise<ProjectState>>();
  const shownUris = new Map<string, ReadonlySet<string>>();
  /** Projects of which errors are shown that no proof has found. */
  const refused = new Set<string>();
  /** Of each project what was found the last time: an edit changes little of it. */
  const memories = new Map<string, Memory>();
  /** Projects that were asked about beside this thread, which remembers them there. */
  const judgedBeside = new Set<string>();
  let lastChange = 0;
  let judgingTime: number | undefined;
  let isSlow = false;

  const pageOf = (code: string) => uriOfPath(join(host.packageDirectory, pagesDirectory, `${code}.md`));
  const projectPath = (path: string) => locateProject(host.files, dirname(path), undefined);
  const open = () => openTexts(host, documents());
  const edits = () => new Map(open().map(({ realPath, document }) => [realPath, document.getText()]));

  const namesOf = (project: ProjectState): Names => ({
    home: homeOf(project),
    uriOf: (path) => uriOfFile(host, open(), placeOf(project, path)),
    pageOf,
  });

  const show = (owner: string, byUri: ReadonlyMap<string, readonly Shown[]>) => {
    const gone = [...(shownUris.get(owner) ?? [])].filter((uri) => !byUri.has(uri));
    for (const uri of gone) publish(uri, undefined, []);
    for (const [uri, diagnostics] of byUri) {
      publish(uri, documents().find((document) => document.uri === uri)?.version, diagnostics);
    }
    shownUris.set(owner, new Set(byUri.keys()));
  };

  const showProject = (path: string, project: ProjectState) => {
    const names = namesOf(project);
    const byPath = shownByPath(project.found, names);
    const here = open().filter(({ document }) => projectPath(pathOfUri(document.uri) ?? '') === path);
    const nothing = here.map(({ document }) => [document.uri, []] as const);
    const found = [...byPath].map(([each, diagnostics]) => [names.uriOf(each), diagnostics] as const);
    show(path, new Map<string, readonly Shown[]>([...nothing, ...found]));
  };

  const tell = (path: string, project: ProjectState): ProjectState => {
    states.set(path, project);
    // What the proof found stays where it is until it has been made again; what is found before it, no longer than it is there.
    if (project.isWhole || refused.has(path)) showProject(path, project);
    if (project.isRefused) refused.add(path);
    else refused.delete(path);
    return project;
  };

  const read = async (path: string, depth: Depth): Promise<ProjectState> => {
    const begun = host.now().getTime();
    const memory = memories.get(path) ?? newMemory();
    memories.set(path, memory);
    const project = await readProject(host, path, edits(), states.get(path), { depth, memory });
    const time = host.now().getTime() - begun;
    // Before anything was proved, what compiling takes is a measure of what that will.
    if (depth === 'judged' || judgingTime === undefined) [judgingTime, isSlow] = [time, time > quickMilliseconds];
    return tell(path, project);
  };

  const keep = (path: string, reading: Promise<ProjectState>): Promise<ProjectState> => {
    readings.set(path, reading);
    reading.catch(() => readings.delete(path));
    return reading;
  };

  const current = (path: string) => {
    const depth = judgingTime === undefined || isSlow ? 'compiled' : 'judged';
    return readings.get(path) ?? keep(path, read(path, depth));
  };

  /** Whether all is found that is to be found in the texts as they are now. */
  const isFinished = (path: string) => readings.has(path) && states.get(path)?.isWhole === true;

  const finish = async (path: string): Promise<void> => {
    if (isFinished(path) || (isSlow && (await finishBeside(path)))) return;
    const { isWhole } = await current(path);
    if (!isWhole) await keep(path, read(path, 'judged'));
  };

  /**
   * Has a slow project judged beside this thread, which goes on answering from what it knows. What it knows is read anew after
   * that: nobody has typed for as long. Whether nothing is left to do.
   */
  const finishBeside = async (path: string): Promise<boolean> => {
    const [change, begun] = [lastChange, host.now().getTime()];
    const isFirst = !judgedBeside.has(path);
    judgedBeside.add(path);
    const judged = await judge(path, edits());
    if (change !== lastChange) return true;
    if (judged === undefined) return false;
    judgingTime = host.now().getTime() - begun;
    // What takes little time there because it is remembered would take its whole time here.
    if (isFirst) isSlow = judgingTime > quickMilliseconds;
    const known = states.get(path);
    if (known !== undefined) tell(path, { ...known, ...judged, isWhole: true });
    const compiled = await current(path);
    if (change !== lastChange) return true;
    const whole = { ...compiled, ...judged, isWhole: true };
    states.set(path, whole);
    await keep(path, Promise.resolve(whole));
    return true;
  };

  /** Of a text in no project only its own form is judged. */
  const showLoose = (document: TextDocument) => {
    const { uri, version } = document;
    const names = { home: uri, uriOf: () => uri, pageOf };
    const faults = faultsOfForm({ path: uri, text: document.getText() }).map((fault) => shown(fault, names));
    publish(uri, version, faults);
  };

  const readOpen = async () => {
    lastChange++;
    const change = lastChange;
    await host.wait(settleMilliseconds);
    if (change !== lastChange) return;
    const owned = open().map(({ document }) => ({ document, owner: projectPath(pathOfUri(document.uri) ?? '') }));
    const owners = new Set(owned.flatMap(({ owner }) => owner ?? []));
    for (const owner of owners) if (!isSlow || !states.has(owner)) await current(owner).catch(failed);
    for (const { document, owner } of owned) if (owner === undefined) showLoose(document);
    // A proof costs time whoever makes it: whoever pauses for as long has stopped typing.
    await host.wait(Math.min(judgingTime ?? 0, longestRest));
    if (change !== lastChange) return;
    for (const owner of owners) await finish(owner).catch(failed);
  };

  /** A project as it was last read, where it has to be read anew. */
  const behind = (path: string): ProjectState | undefined => {
    const state = readings.has(path) ? undefined : states.get(path);
    return state?.known && { ...state, known: { ...state.known, isBehind: true } };
  };

  return {
    namesOf,
    projectOf: async (path) => {
      const owner = projectPath(path);
      if (owner === undefined) return undefined;
      return (isSlow ? behind(owner) : undefined) ?? current(owner);
    },
    knownOf: (path) => states.get(projectPath(path) ?? ''),
    leave: () => {
      lastChange++;
      for (const owner of shownUris.keys()) show(owner, new Map());
    },
    changed: (path) => {
      const isMeant = (project: ProjectState | undefined) => !project || path === undefined || reads(project, path);
      for (const owner of [...readings.keys()].filter((each) => isMeant(states.get(each)))) readings.delete(owner);
      readOpen().catch(failed);
    },
  };
}

/** Whether a project reads a file, or may as soon as the file is there. */
function reads({ loaded }: ProjectState, path: string): boolean {
  const own = relative(loaded.directory, path);
  return isBelow(path, loaded.directory) || loaded.sources.some((source) => source.path === own);
}
