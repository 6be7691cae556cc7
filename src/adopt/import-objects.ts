import type { Change, Changes, State } from '../changes/change.js';
import type { Result } from '../diagnostics/diagnostic.js';
import type { Source } from '../parse/parse-sources.js';
import { newMemory } from '../util/memory.js';
import { type Progress, untold } from '../util/progress.js';
import { arrange, type Found } from './arrange/arrange.js';
import { noObstacles, type Obstacles } from './arrange/obstacles.js';
import { besidesAmong } from './besides.js';
import { declareIssuers, type Edit } from './declare-issuers.js';
import { type Besides, type Fates, fatesOf } from './fates.js';
import { filesOfOthers } from './files-of-others.js';
import { listenersThatStay } from './listeners.js';
import { lookAt, withoutOwnFiles } from './look-at.js';
import { type Accident, accidentsIn, mendedSources, misplacedAmong } from './meant/accidents.js';
import { intendedBy } from './meant/intended.js';
import { namespacesUnknown } from './outside-mesh.js';
import { keyOfObject } from './policies.js';
import { learn } from './prove/attribute.js';
import { comparedWith } from './prove/compared-with.js';
import { changesOfMeaning, differencesIn, isAlike } from './prove/meaning.js';
import { attempt, type Ground, type Round } from './prove/round.js';
import type { Refused } from './refused.js';
import { type Setting, stateIn } from './state-in.js';

export interface ImportOptions {
  readonly today: string | undefined;
  /** Where the intents will lie, as the paths of the sources are written. */
  readonly directory: string;
  /** Whether the intents say what policies were evidently meant to do, and not what they do by accident. */
  readonly isAsMeant: boolean;
  /** Told how far the work has come. */
  readonly progress?: Progress | undefined;
}

/** What was imported, and proved to mean what it meant before. */
export interface Imported {
  readonly round: Round;
  readonly ground: Ground;
  readonly fates: Fates;
  /** What stays beside all that has rules: gateways with their listeners. */
  readonly listeners: readonly Besides[];
  /** The Mesh document, where it has to declare issuers of tokens. */
  readonly edit: Edit | undefined;
  /** What policies do by accident. */
  readonly accidents: readonly Accident[];
  /** Those of them of which the intents say what was meant. */
  readonly mended: readonly Accident[];
  /** How the mesh with the intents differs from the mesh as it is. */
  readonly changes: Changes | undefined;
  readonly isAsMeant: boolean;
}

/** What of access is not as it was, in the order of importance. */
export function changesOfAccess({ changes }: Imported): readonly Change[] {
  return changes === undefined ? [] : changesOfMeaning(changes);
}

/** More rounds than this teach nothing new: whatever is then still in the way stays as it is. */
const mostRounds = 8;

/**
 * Intents that say what the policies of a mesh say, each of them proved: the mesh with what they compile to, and without the
 * policies that they stand for, treats every request as before. What cannot be said so stays. As they were meant, it treats
 * every request as the policies would if they were read as they were meant.
 */
export function importObjects(sources: readonly Source[], options: ImportOptions): Result<Imported | undefined> {
  const { progress = untold } = options;
  const setting = { ...options, memory: newMemory(), progress };
  const first = importBeside(sources, { ...setting, kept: new Set() });
  const kept = first.value === undefined ? [] : filesOfOthers(sources, first.value);
  return kept.length === 0 ? first : importBeside(sources, { ...setting, kept: new Set(kept) });
}

interface Options extends Omit<ImportOptions, 'progress'>, Setting {}

function importBeside(sources: readonly Source[], basis: Options): Result<Imported | undefined> {
  const { value: given, diagnostics } = stateIn(sources, basis);
  if (given === undefined) return { value: undefined, diagnostics };
  const { state: before, refused } = given;
  const accidents = accidentsIn(before.mesh, before.objects);
  return {
    value: importFrom({ ...basis, sources, before, refused }, accidents, basis.isAsMeant ? accidents : []),
    diagnostics: [...diagnostics, ...namespacesUnknown(before.mesh)],
  };
}

interface Basis extends Options {
  readonly sources: readonly Source[];
  readonly before: State;
  readonly refused: Refused;
}

/** A policy that stays is not mended: all is tried again with it as it is. */
function importFrom(basis: Basis, accidents: readonly Accident[], mended: readonly Accident[]): Imported {
  const { before, refused, progress } = basis;
  const sources = mendedSources(basis.sources, mended);
  const meant =
    (mended.some(({ fix }) => fix !== undefined) ? stateIn(sources, basis).value?.state : undefined) ?? before;
  const misplaced = misplacedAmong(mended);
  const { found, edit, missing } = lookAt(sources, meant, misplaced);
  const isIntended = intendedBy(found.policies, misplaced);
  const ground = { ...basis, meant, isIntended, sources: inputs(sources, found, edit, basis) };
  const { round, obstacles } = settle(ground, found);
  const keys = new Set(everything(found).map(({ key }) => key));
  const fates = fatesOf(found, round.plan, obstacles, [...besidesAmong(before, keys), ...refused]);
  const unsaid = new Set(fates.filter(({ counts }) => counts.left + counts.dead > 0).map(({ key }) => key));
  const said = mended.filter(({ key }) => !unsaid.has(key));
  if (said.length < mended.length) return importFrom(basis, accidents, said);
  const changes =
    mended.length === 0 || round.after === undefined ? round.changes : comparedWith(before, round.after, progress);
  // What is written back is the text as somebody wrote it, with the issuers alone.
  const written = edit && declareIssuers(basis.sources, before.mesh.topology.mesh.document, missing);
  const listeners = listenersThatStay(before.mesh);
  return { round, ground, edit: written, fates, listeners, accidents, mended, changes, isAsMeant: basis.isAsMeant };
}

/** The texts with the issuers declared, and without what an earlier run wrote: this one writes it again. */
function inputs(sources: readonly Source[], found: Found, edit: Edit | undefined, setting: Setting): readonly Source[] {
  const others = withoutOwnFiles(sources, found, setting);
  return edit === undefined
    ? others
    : others.map((each) => (each.path === edit.path ? { ...each, text: edit.text } : each));
}

interface Settled {
  readonly round: Round;
  readonly obstacles: Obstacles;
}

/** Tries until what is said is proved; each round leaves out what the one before has shown to be in the way. */
function settle(ground: Ground, found: Found): Settled {
  let obstacles = noObstacles;
  for (let count = 0; count < mostRounds; count++) {
    const round = attemptWith(ground, found, obstacles);
    if (isProved(round)) return { round, obstacles };
    const learnt = learn(ground, found, round, obstacles);
    const isNew = sizeOf(learnt) !== sizeOf(obstacles);
    if (!isNew && round.plan.traffic.length === 0) break;
    obstacles = isNew ? learnt : withoutTraffic(round, obstacles);
  }
  const all = everything(found).map(({ key }) => [key, 'nothing was found that means the same'] as const);
  const nothing = { ...noObstacles, policies: new Map(all) };
  return { round: attemptWith(ground, found, nothing), obstacles: nothing };
}

/** What nobody can lay to one object is laid to all of traffic, which policies do not need. */
function withoutTraffic({ plan, errors, unlike, changes }: Round, obstacles: Obstacles): Obstacles {
  const keys = plan.traffic.flatMap(({ objects }) => objects.map(keyOfObject));
  const messages = [...errors, ...unlike].map(({ message }) => message);
  const [because = ''] = [
    ...messages,
    ...(changes === undefined ? [] : differencesIn(changes).map((each) => each.because)),
  ];
  return { ...obstacles, policies: new Map([...keys.map((key) => [key, because] as const), ...obstacles.policies]) };
}

function attemptWith(ground: Ground, found: Found, obstacles: Obstacles): Round {
  const plan = arrange(found, obstacles);
  const beside = new Set(found.policies.filter(({ staysBeside }) => staysBeside).map(({ key }) => key));
  const replaced = everything(found)
    .map(({ key }) => key)
    .filter((key) => !plan.left.has(key) && !beside.has(key));
  return attempt(ground, plan, new Set(replaced));
}

function everything({ policies, peers, tokens, traffic }: Found): ReadonlyArray<{ readonly key: string }> {
  const ofTraffic = traffic.flatMap(({ objects }) => objects.map((each) => ({ key: keyOfObject(each) })));
  return [...policies, ...peers, ...tokens, ...ofTraffic];
}

export function isProved({ changes, onTrial, unlike }: Round): boolean {
  return changes !== undefined && unlike.length === 0 && [changes, ...onTrial].every(isAlike);
}

/** How much is known to be in the way: a rule that turns out to be needed counts for its policy instead. */
function sizeOf({ policies, subjects, rules, routes }: Obstacles): string {
  return [policies, subjects, rules, routes].flatMap((each) => [...each.keys()]).join();
}
