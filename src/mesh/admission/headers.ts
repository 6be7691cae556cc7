import type { JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asLabels, asObject, asTexts } from '../json.js';

/** What a route may do to headers: only a request can be given another host, and nothing else of a request line (L-20). */
export function checkHeaders(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const { request, response } = asObject(value) ?? {};
  return [
    ...checkOperations(request, [...place, 'request'], 'request'),
    ...checkOperations(response, [...place, 'response'], 'response'),
  ];
}

function checkOperations(value: JsonValue | undefined, place: Path, of: 'request' | 'response'): readonly Complaint[] {
  const { add, set, remove } = asObject(value) ?? {};
  const writing = Object.entries({ add, set }).flatMap(([operation, headers]) =>
    Object.entries(asLabels(headers)).flatMap(([name, content]) => [
      ...checkName(name, [...place, operation, name], of === 'request'),
      ...checkContent(content, [...place, operation, name]),
    ]),
  );
  const removing = asTexts(remove).flatMap((name, index) => checkName(name, [...place, 'remove', index], false));
  return [...writing, ...removing];
}

export function isAuthority(name: string): boolean {
  return [':authority', 'host'].includes(name.toLowerCase());
}

function checkName(name: string, place: Path, mayBeHost: boolean): readonly Complaint[] {
  if (name === '') return [{ place, why: 'a header has no name' }];
  const isInternal = name.startsWith(':') || name.toLowerCase() === 'host';
  const refused = isInternal && !(mayBeHost && isAuthority(name));
  return complaintWhen(refused, place, `\`${name}\` is no header that can be changed here`);
}

/** `%` begins a variable that has to end, and stands for itself where it is doubled. */
const content = /^(?:[^%]|%%|%[^%()]+(?:\([^)]*\))?\s*%)*$/;

function checkContent(written: string, place: Path): readonly Complaint[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  const hasControl = /[\u0000-\u0008\u000a-\u001f\u007f]/.test(written);
  return [
    ...complaintWhen(hasControl, place, 'the value holds a control character'),
    ...complaintWhen(!content.test(written), place, `\`${written}\` has a \`%\` that begins no variable`),
  ];
}
