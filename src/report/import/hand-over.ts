import type { HandOver, Step } from '../../adopt/hand-over.js';
import { rangeOf } from '../../diagnostics/position.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import type { Findings } from '../formats/findings.js';
import { counted } from '../words.js';
import { changeInWords } from './change.js';

const titles: Readonly<Record<Step['kind'], string>> = {
  add: 'Apply what is new',
  enrol: 'Label what goes through waypoints, once these are ready',
  guard: 'Close the ways past the waypoints',
  replace: 'Apply what has the name of an old object, which it replaces',
  delete: 'Delete what the intents say now',
};

/** The order of a hand-over as a page for whoever does it. */
export function handOverToMarkdown({ steps, left, mended }: HandOver, displayPath: Findings['displayPath']): string {
  const clusters = new Set(steps.flatMap(({ objects }) => objects.map(({ cluster }) => cluster)));
  const words: Words = { displayPath, isOfMany: clusters.size > 1 };
  const parts = [
    '# Hand-over\n\nHow the objects that Ambit writes take over from those that are there. Each step may be done object by object, in any order.\nThe state after each of them is compared with the one before the first, for every request.\n',
    '## Before\n\nTake what is replaced or deleted below out of the manifests in Git, in the pull request that adds the intents, and run\n`ambit compile`. In the cluster it stays until its step.\n',
    ...(mended.length > 0 ? [mendedToMarkdown(mended, displayPath)] : []),
    ...steps.map((step, index) => stepToMarkdown(step, { index, before: steps[index - 1] }, words)),
    ...(left.length > 0 ? [leftToMarkdown(left, displayPath)] : []),
  ];
  return parts.join('\n');
}

interface Words {
  readonly displayPath: Findings['displayPath'];
  /** Whether there are several clusters, so that it has to be said which is meant. */
  readonly isOfMany: boolean;
}

/** What policies did by accident, and the intents say as it was meant. */
function mendedToMarkdown(mended: HandOver['mended'], displayPath: Findings['displayPath']): string {
  const lines = mended.flatMap(({ key, finding: { message, span, witness } }) => [
    `- ${key}${span === null ? '' : ` (${displayPath(span.file.path)}:${rangeOf(span).start.line})`}: ${message}`,
    ...(witness === undefined ? [] : [`  - today: ${witness}`]),
  ]);
  return ['## What changes, because it was meant so\n', ...lines, ''].join('\n');
}

interface Place {
  readonly index: number;
  readonly before: Step | undefined;
}

function stepToMarkdown(step: Step, { index, before }: Place, { displayPath, isOfMany }: Words): string {
  const { kind, objects } = step;
  const lines = objects.map(
    ({ cluster, object }) =>
      `- ${objectInWords(object)}${kind === 'delete' ? placeOf(object, displayPath) : isOfMany ? ` in ${cluster}` : ''}`,
  );
  const command = kind === 'delete' ? ['', '```sh', ...deletions(step, isOfMany), '```'] : [];
  const proved = differencesOf(step, { index, before }, displayPath);
  return [`## ${index + 1}. ${titles[kind]}`, '', ...lines, ...command, '', proved, ''].join('\n');
}

/** What a step leaves otherwise; what the step before has left so already is told there. */
function differencesOf(step: Step, { index, before }: Place, displayPath: Findings['displayPath']): string {
  const now = differences(step, displayPath);
  if (now.length === 0) return 'Afterwards every request is treated as before.';
  const told = new Set(before === undefined ? [] : differences(before, displayPath));
  const added = now.filter((each) => !told.has(each));
  if (added.length === 0) return `Afterwards what step ${index} left otherwise is so still.`;
  const isSo = added.length < now.length ? [`- and what step ${index} left otherwise`] : [];
  return ['Afterwards not all is as before:', '', ...added.map((each) => `- ${each}`), ...isSo].join('\n');
}

function differences({ changes, undecided }: Step, displayPath: Findings['displayPath']): readonly string[] {
  return [
    ...changes.map((change) => changeInWords(change, displayPath)),
    ...undecided.map((fact) => `it is not known: ${fact}`),
  ];
}

function deletions({ objects }: Step, isOfMany: boolean): readonly string[] {
  return objects.map(({ cluster, object: { kind, namespace = 'default', name } }) => {
    const context = isOfMany ? ` --context ${cluster}` : '';
    return `kubectl${context} delete ${kind.toLowerCase()} ${name} -n ${namespace}`;
  });
}

function leftToMarkdown(left: HandOver['left'], displayPath: Findings['displayPath']): string {
  const lines = left.map(
    ({ object, because, help }) =>
      `- ${objectInWords(object)}${placeOf(object, displayPath)}: ${because}${help === undefined ? '' : ` (${help})`}`,
  );
  return [
    `## What stays\n\n${counted(left.length, 'object')} ${left.length === 1 ? 'stays as it is' : 'stay as they are'}, beside the intents.\n`,
    ...lines,
    '',
  ].join('\n');
}

function objectInWords({ kind, namespace = 'default', name }: ManifestObject): string {
  return `${kind} ${namespace}/${name}`;
}

function placeOf(object: ManifestObject, displayPath: Findings['displayPath']): string {
  const span = spanIn(object, ['kind'], 'key');
  return ` (${displayPath(span.file.path)}:${rangeOf(span).start.line})`;
}
