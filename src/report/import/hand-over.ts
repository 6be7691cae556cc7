import type { HandOver, Step } from '../../adopt/hand-over.js';
import { rangeOf } from '../../diagnostics/position.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { counted } from '../words.js';

const titles: Readonly<Record<Step['kind'], string>> = {
  add: 'Apply what is new',
  replace: 'Apply what has the name of an old object, which it replaces',
  delete: 'Delete what the intents say now',
};

/** The order of a hand-over as a page for whoever does it. */
export function handOverToMarkdown({ steps, left }: HandOver): string {
  const parts = [
    '# Hand-over\n\nHow the objects that Ambit writes take over from those that are there. Each step may be done object by object, in any order.\nThe state after each of them is compared with the one before the first, for every request.\n',
    '## Before\n\nTake what is replaced or deleted below out of the manifests in Git, in the pull request that adds the intents, and run\n`ambit compile`. In the cluster it stays until its step.\n',
    ...steps.map(stepToMarkdown),
    ...(left.length > 0 ? [leftToMarkdown(left)] : []),
  ];
  return parts.join('\n');
}

function stepToMarkdown(step: Step, index: number): string {
  const { kind, objects, changes, undecided } = step;
  const lines = objects.map(
    ({ cluster, object }) => `- ${objectInWords(object)}${kind === 'delete' ? placeOf(object) : ` in ${cluster}`}`,
  );
  const command = kind === 'delete' ? ['', '```sh', ...deletions(step), '```'] : [];
  const proved =
    changes.length + undecided.length === 0
      ? 'Afterwards every request is treated as before.'
      : [
          'Afterwards not all is as before:',
          '',
          ...changes.map(
            ({ kind: change, place, requests }) =>
              `- ${change} at ${place.kind} ${place.name}${requests === undefined ? '' : `: ${requests}`}`,
          ),
          ...undecided.map((fact) => `- it is not known: ${fact}`),
        ].join('\n');
  return [`## ${index + 1}. ${titles[kind]}`, '', ...lines, ...command, '', proved, ''].join('\n');
}

function deletions({ objects }: Step): readonly string[] {
  const names = new Set(
    objects.map(
      ({ object: { kind, namespace = 'default', name } }) =>
        `kubectl delete ${kind.toLowerCase()} ${name} -n ${namespace}`,
    ),
  );
  return [...names];
}

function leftToMarkdown(left: HandOver['left']): string {
  const lines = left.map(({ object, because }) => `- ${objectInWords(object)}${placeOf(object)}: ${because}`);
  return [
    `## What stays\n\n${counted(left.length, 'object')} stay as they are, beside the intents.\n`,
    ...lines,
    '',
  ].join('\n');
}

function objectInWords({ kind, namespace = 'default', name }: ManifestObject): string {
  return `${kind} ${namespace}/${name}`;
}

function placeOf(object: ManifestObject): string {
  const span = spanIn(object, ['kind'], 'key');
  return ` (${span.file.path}:${rangeOf(span).start.line})`;
}
