import type { JsonValue, Path } from '../../../parse/document.js';
import { type Complaint, complaintWhen } from '../../../topology/schemas/complaint.js';
import { asObject, asText } from '../../json.js';

/** What the API server has against a match of an HTTPRoute beside its shape. */
export function checkRequestMatch(value: JsonValue, place: Path): readonly Complaint[] {
  return checkPath(asObject(value)?.path, [...place, 'path']);
}

const characters = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;
const foreign = ['//', '/./', '/../', '%2f', '%2F', '#'];

/** A path that is compared as text is one as proxies see it: whole, and with nothing left to normalise. */
function checkPath(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const { type, value: written } = asObject(value) ?? {};
  const path = asText(written);
  if (path === undefined || type === 'RegularExpression') return [];
  const part = foreign.find((each) => path.includes(each)) ?? ['/..', '/.'].find((each) => path.endsWith(each));
  const here = [...place, 'value'];
  if (!path.startsWith('/')) return [{ place: here, why: `\`${path}\` does not begin with \`/\`` }];
  if (part !== undefined) return [{ place: here, why: `a path has no \`${part}\` once it is normalised` }];
  return complaintWhen(!characters.test(path), here, `\`${path}\` holds a character that paths do not have`);
}
