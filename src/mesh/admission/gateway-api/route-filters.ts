import type { JsonObject, JsonValue, Path } from '../../../parse/document.js';
import { type Complaint, complaintWhen } from '../../../topology/schemas/complaint.js';
import { asArray, asObject, asText } from '../../json.js';
import { each, isWritten } from '../refusal.js';
import { checkBackend } from './route-fields.js';

/** The field that goes with each type of filter. */
const fields: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  ExtensionRef: 'extensionRef',
  CORS: 'cors',
  ExternalAuth: 'externalAuth',
};
const once = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'];

/** The filters of one list: most of them once, each with its own field. */
export function checkFilters(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const types = typesOf(value);
  return [
    ...types.flatMap((type, index) =>
      complaintWhen(
        once.includes(type) && types.indexOf(type) < index,
        [...place, index],
        `filter \`${type}\` is there twice`,
      ),
    ),
    ...complaintWhen(
      types.includes('RequestRedirect') && types.includes('URLRewrite'),
      place,
      'filters `RequestRedirect` and `URLRewrite` exclude each other',
    ),
    ...each(value, place, checkFilter),
  ];
}

export function typesOf(filters: JsonValue | undefined): readonly string[] {
  return asArray(filters).map((filter) => asText(asObject(filter)?.type) ?? '');
}

function checkFilter(value: JsonValue, place: Path): readonly Complaint[] {
  const filter = asObject(value) ?? {};
  const type = asText(filter.type) ?? '';
  const own = fields[type] ?? '';
  const others = Object.values(fields).filter((field) => field !== own && isWritten(filter[field]));
  return [
    ...complaintWhen(!isWritten(filter[own]), place, `filter \`${type}\` needs \`${own}\``),
    ...others.map((field) => ({ place: [...place, field], why: `filter \`${type}\` has no \`${field}\`` })),
    ...checkMirror(asObject(filter.requestMirror), [...place, 'requestMirror']),
    ...['allowOrigins', 'allowMethods'].flatMap((field) =>
      checkStar(asObject(filter.cors)?.[field], [...place, 'cors', field]),
    ),
    ...['requestRedirect', 'urlRewrite'].flatMap((field) =>
      checkModifier(asObject(asObject(filter[field])?.path), [...place, field, 'path']),
    ),
  ];
}

function checkMirror(mirror: JsonObject | undefined, place: Path): readonly Complaint[] {
  if (mirror === undefined) return [];
  const isBoth = isWritten(mirror.percent) && isWritten(mirror.fraction);
  const { numerator, denominator = 100 } = asObject(mirror.fraction) ?? {};
  return [
    ...complaintWhen(Number(numerator) > Number(denominator), [...place, 'fraction'], 'the fraction is more than 1'),
    ...complaintWhen(isBoth, place, '`percent` and `fraction` exclude each other'),
    ...checkBackend(mirror.backendRef ?? {}, [...place, 'backendRef']),
  ];
}

function checkStar(list: JsonValue | undefined, place: Path): readonly Complaint[] {
  const isBeside = asArray(list).length > 1 && asArray(list).includes('*');
  return complaintWhen(isBeside, place, '`*` stands for all, and cannot stand beside others');
}

const modifiers: Readonly<Record<string, string>> = {
  ReplaceFullPath: 'replaceFullPath',
  ReplacePrefixMatch: 'replacePrefixMatch',
};

function checkModifier(path: JsonObject | undefined, place: Path): readonly Complaint[] {
  if (path === undefined) return [];
  const type = asText(path.type) ?? '';
  const own = modifiers[type] ?? '';
  const others = Object.values(modifiers).filter((field) => field !== own && isWritten(path[field]));
  return [
    ...complaintWhen(!isWritten(path[own]), place, `\`type: ${type}\` needs \`${own}\``),
    ...others.map((field) => ({ place: [...place, field], why: `\`type: ${type}\` has no \`${field}\`` })),
  ];
}

/** Whether a filter changes the prefix that the rule has matched. */
export function replacesPrefix(filters: JsonValue | undefined): boolean {
  return asArray(filters).some((filter) =>
    ['requestRedirect', 'urlRewrite'].some((field) =>
      isWritten(asObject(asObject(asObject(filter)?.[field])?.path)?.replacePrefixMatch),
    ),
  );
}
