import { isMap, isSeq, type Node, parseDocument } from 'yaml';
import { asLabels, asObject } from '../../mesh/json.js';
import type { ManifestObject, Path } from '../../parse/document.js';
import type { Remarks } from './lifted.js';

const longestRemark = 1000;

/** What the comments above an object, and its labels and annotations, say of it. */
export function remarksOfObject(object: ManifestObject, comments: Comments): Remarks {
  const metadata = asObject(object.value.metadata);
  const noted = { ...asLabels(metadata?.labels), ...asLabels(metadata?.annotations) };
  const said = (...names: readonly string[]) =>
    Object.entries(noted).find(([key]) => names.includes(key.slice(key.lastIndexOf('/') + 1)))?.[1];
  return merged(inComments(comments.above([])), {
    reason: said('description', 'reason', 'purpose'),
    owner: said('owner', 'team'),
  });
}

/** What the comments above a rule, and within it, say. */
export function remarksOfRule(comments: Comments, path: Path): Remarks {
  return inComments(comments.within(path));
}

/** The comments of one object, by the place that they stand at. */
export interface Comments {
  above(path: Path): readonly string[];
  within(path: Path): readonly string[];
}

const nothing: Comments = { above: () => [], within: () => [] };

/** Dumps of a cluster hold no comments: only a text with a number sign is read once more for them. */
export function commentsOf({ document, path: root }: ManifestObject): Comments {
  const text = document.file.text.slice(document.start, document.end);
  if (!/(^|\s)#/.test(text)) return nothing;
  const parsed = parseDocument(text);
  if (parsed.errors.length > 0 || parsed.contents === null) return nothing;
  const top = root.length === 0 ? [parsed.commentBefore] : [];
  const nodeAt = (path: Path) => parsed.getIn([...root, ...path], true) as Node | undefined;
  return {
    above: (path) => linesOf([...(path.length === 0 ? top : []), ...ownComments(nodeAt(path), false)]),
    // What stands above the first item of a list is the list's, as it is parsed.
    within: (path) =>
      linesOf([
        ...(path.at(-1) === 0 ? ownComments(nodeAt(path.slice(0, -1)), false) : []),
        ...allComments(nodeAt(path)),
      ]),
  };
}

function ownComments(node: Node | undefined, isWhole: boolean): ReadonlyArray<string | null | undefined> {
  if (node === undefined || node === null) return [];
  const [first] = isMap(node) ? node.items : [];
  const key = Object(first?.key);
  return [node.commentBefore, key.commentBefore, ...(isWhole ? [node.comment] : [])];
}

function allComments(node: Node | undefined): ReadonlyArray<string | null | undefined> {
  if (isMap(node)) {
    const inner = node.items.flatMap(({ key, value }) => [
      ...(key === node.items[0]?.key ? [] : [Object(key).commentBefore]),
      ...allComments(value as Node),
    ]);
    return [...ownComments(node, true), ...inner];
  }
  if (isSeq(node)) return [...ownComments(node, true), ...node.items.flatMap((item) => allComments(item as Node))];
  return ownComments(node, true);
}

function linesOf(comments: ReadonlyArray<string | null | undefined>): readonly string[] {
  return comments.flatMap((comment) =>
    paragraphsOf(comment ?? '')
      .filter((lines) => !lines.some(isLicence))
      .flat(),
  );
}

/** What stands between lines without a word. */
function paragraphsOf(comment: string): ReadonlyArray<readonly string[]> {
  const lines = comment.split('\n').map((line) => line.replace(/^[\s#]+/, '').trimEnd());
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    if (/[\p{L}\p{N}]/u.test(line)) paragraphs.at(-1)?.push(line);
    else paragraphs.push([]);
  }
  return paragraphs;
}

/** What names somebody is the owner; what is for a tool says nothing to people. */
function inComments(lines: readonly string[]): Remarks {
  const people = lines.filter((line) => !isForTools(line));
  const owners = people.flatMap((line) => /^(?:owner|team)\s*[:=]\s*(.+)$/i.exec(line)?.[1] ?? []);
  const reasons = people.filter((line) => !/^(?:owner|team)\s*[:=]/i.test(line));
  return { ...text('reason', reasons.join(' ').replace(/^(?:reason|why)\s*:\s*/i, '')), ...text('owner', owners[0]) };
}

/** What linters read, and what generators and `helm template` write into each file. */
function isForTools(line: string): boolean {
  return (
    /^(?:ambit|yaml-language-server|yamllint|kics|checkov|trivy|nosec)\b/i.test(line) ||
    /\bauto-?generated\b|\bdo not (?:\w+ )?edit\b|^source: \S+\/templates\/|^\[(?:START|END) \S+\]$/i.test(line)
  );
}

/** Some words that every licence has in each of its paragraphs, and nobody's reason has. */
function isLicence(line: string): boolean {
  return /^copyright\b|^\(c\) |^©|SPDX-|\blicensed under\b|\bthe (?:\w+ )?licen[cs]e\b.*["“]|\b(?:under|see|with) the licen[cs]e\b|licenses\/|\bwarrant(?:y|ies)\b|^permission is hereby granted\b|^unless required by applicable law\b/i.test(
    line,
  );
}

function text(name: keyof Remarks, value: string | undefined): Remarks {
  const short = value?.trim().slice(0, longestRemark) ?? '';
  return short === '' ? {} : { [name]: short };
}

/** What stands nearer goes first. */
export function merged(near: Remarks, far: { readonly [Name in keyof Remarks]?: string | undefined }): Remarks {
  return { ...text('reason', near.reason ?? far.reason), ...text('owner', near.owner ?? far.owner) };
}
