import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { diffTrees } from '../../../src/report/tree-diff.js';
import { filesBelow } from '../cases.js';
import { diffCases } from '../diff-cases.js';

/** Typical changes, and what each is here to show; its answer is held to the command by the golden tests. */
const examples: ReadonlyArray<readonly [name: string, title: string, text: string]> = [
  [
    'access-granted',
    'Somebody lets a caller in',
    'A rule more. The comment names who gains access to what, one request that passes now, and the line that lets it.',
  ],
  [
    'requests-to-connections',
    'A rule becomes wider than it looks',
    'Nobody new is named, and less is asked of who was: a rule loses the fields that told requests apart.',
  ],
  [
    'mtls-relaxed',
    'Mutual TLS is relaxed',
    'The request is denied before and after, and for another reason: a rule that wants no identity would now be open to anyone.',
  ],
  [
    'topology-only',
    'A label goes, and no policy with it',
    'The policies are the same to the letter. The namespace leaves ambient, and nothing enforces them any more.',
  ],
  [
    'text-only',
    'Text that means the same',
    'A policy is written otherwise. The comment says that this is proved, so that nobody need find it out.',
  ],
];

/** What a reviewer sees in a pull request. */
export function reviewExamples(): string {
  const cases = new Map(diffCases().map((each) => [each.name, each.directory]));
  const sections = examples.map(([name, title, text]) => {
    const directory = cases.get(name);
    if (directory === undefined) throw new Error(`there is no case golden/diff/${name}`);
    return `## ${title}\n\n${text}\n\n\`\`\`diff\n${changeIn(directory)}\`\`\`\n\n${quoted(commentIn(directory))}`;
  });
  const head = [
    '# What a reviewer sees',
    '',
    'The comment that `ambit diff --base main -o markdown` prints for five typical changes, below the change itself. Each is a case of',
    'the tests (`golden/diff`), which hold the comment to the command, and follow its request on both sides.',
  ];
  return `${head.join('\n')}\n\n${sections.join('\n')}`;
}

function changeIn(directory: string): string {
  const [before, after] = ['before', 'after'].map((side) => {
    const files = filesBelow(join(directory, side));
    return new Map(files.map((path) => [relative(join(directory, side), path), readFileSync(path, 'utf8')]));
  });
  return diffTrees(before ?? new Map(), after ?? new Map());
}

function commentIn(directory: string): string {
  return readFileSync(join(directory, 'expected', 'diff.md'), 'utf8').replace(/^<!-- .* -->\n+/, '');
}

/** What belongs to the comment is seen at a glance, and its headings are none of the page. */
function quoted(markdown: string): string {
  const lines = markdown.trimEnd().split('\n');
  return `${lines.map((line) => (line === '' ? '>' : `> ${line}`)).join('\n')}\n`;
}
