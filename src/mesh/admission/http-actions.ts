import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import type { IstioVersion } from '../../parse/mesh.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { nanosecondsOf } from '../go-duration.js';
import { asArray, asObject, asText, asTexts } from '../json.js';
import { checkDuration } from './durations.js';
import { checkStringMatch } from './http-match.js';
import { checkPort, isHeaderName } from './names.js';
import { faultOfRegex } from './re2.js';
import { each, isWritten } from './refusal.js';

/** Faults (L-15): an abort or a delay, of a share that Envoy can count, with a status that there is. */
export function checkFault(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const fault = asObject(value);
  if (fault === undefined) return [];
  const { abort, delay } = fault;
  return [
    ...complaintWhen(!isWritten(abort) && !isWritten(delay), place, 'a fault needs an `abort` or a `delay`'),
    ...checkAbort(asObject(abort), [...place, 'abort']),
    ...checkDelay(asObject(delay), [...place, 'delay']),
  ];
}

function checkAbort(abort: JsonObject | undefined, place: Path): readonly Complaint[] {
  if (abort === undefined) return [];
  const grpc = asText(abort.grpcStatus);
  return [
    ...checkPercentage(abort.percentage, [...place, 'percentage']),
    ...(isWritten(abort.httpStatus) ? checkStatus(abort.httpStatus, [...place, 'httpStatus']) : []),
    ...complaintWhen(
      grpc !== undefined && !grpcStatuses.has(grpc),
      [...place, 'grpcStatus'],
      `\`${grpc}\` is no status of gRPC`,
    ),
    ...complaintWhen(isWritten(abort.http2Error), [...place, 'http2Error'], '`http2Error` is not supported'),
  ];
}

const grpcStatuses: ReadonlySet<string> = new Set([
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
]);

function checkDelay(delay: JsonObject | undefined, place: Path): readonly Complaint[] {
  if (delay === undefined) return [];
  return [
    ...checkPercentage(delay.percentage, [...place, 'percentage']),
    ...checkDuration(delay.fixedDelay, [...place, 'fixedDelay']),
    ...complaintWhen(
      isWritten(delay.exponentialDelay),
      [...place, 'exponentialDelay'],
      '`exponentialDelay` is not supported',
    ),
  ];
}

function checkPercentage(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const share = asObject(value)?.value;
  const isShare = typeof share !== 'number' || share === 0 || (share >= 0.0001 && share <= 100);
  return complaintWhen(!isShare, place, `${String(share)} percent are neither 0 nor between 0.0001 and 100`);
}

function checkStatus(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const isStatus = typeof value === 'number' && value >= 200 && value <= 600;
  return complaintWhen(!isStatus, place, `${String(value ?? 'nothing')} is no status of HTTP`);
}

const retryConditions: ReadonlySet<string> = new Set([
  ...['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream'],
  ...['retriable-status-codes', 'retriable-headers', 'envoy-ratelimited', 'http3-post-connect-failure'],
  ...['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'],
]);
const statusCode = /^(10[0-3]|20[0-8]|226|30[0-58]|307|40\d|41[0-8]|42[1-689]|431|451|50[0-8]|51[01])$/;

/** Retries (L-16): as many as there can be, and on conditions that Envoy knows. */
export function checkRetries(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const retries = asObject(value);
  if (retries === undefined) return [];
  const attempts = retries.attempts ?? 0;
  const isMore = ['perTryTimeout', 'retryRemoteLocalities'].some((field) => isWritten(retries[field]));
  const conditions = (asText(retries.retryOn) ?? '').split(',').filter((condition) => condition !== '');
  const hasConditions = (asText(retries.retryOn) ?? '') !== '';
  const unknown = conditions.find((condition) => !retryConditions.has(condition) && !statusCode.test(condition));
  return [
    ...complaintWhen(
      typeof attempts === 'number' && attempts < 0,
      [...place, 'attempts'],
      `there are no ${String(attempts)} attempts`,
    ),
    ...complaintWhen(
      attempts === 0 && (isMore || hasConditions),
      place,
      '`attempts: 0` switches retries off, and says nothing else',
    ),
    ...complaintWhen(
      unknown !== undefined,
      [...place, 'retryOn'],
      `\`${unknown}\` is no condition of Envoy for a retry`,
    ),
    ...checkDuration(retries.perTryTimeout, [...place, 'perTryTimeout']),
    ...checkDuration(retries.backoff, [...place, 'backoff']),
  ];
}

/** Redirects (L-17): somewhere else, with a status that says so. */
export function checkRedirect(value: JsonValue | undefined, place: Path, version: IstioVersion): readonly Complaint[] {
  const redirect = asObject(value);
  if (redirect === undefined) return [];
  const { redirectCode, scheme, port } = redirect;
  const targets = ['uri', 'authority', 'scheme', 'port', 'derivePort', ...(version >= '1.31' ? ['prefixRewrite'] : [])];
  const isSomewhere = targets.some((field) => isWritten(redirect[field]) && redirect[field] !== '');
  const isCode =
    !isWritten(redirectCode) || (typeof redirectCode === 'number' && /^3\d\d$|^0$/.test(String(redirectCode)));
  return [
    ...complaintWhen(!isSomewhere, place, 'a redirect needs a `uri`, an `authority`, a `scheme` or a `port`'),
    ...complaintWhen(!isCode, [...place, 'redirectCode'], `${String(redirectCode)} is no status of a redirect`),
    ...complaintWhen(
      !['', 'http', 'https'].includes(asText(scheme) ?? ''),
      [...place, 'scheme'],
      `\`${String(scheme)}\` is neither \`http\` nor \`https\``,
    ),
    ...(typeof port === 'number' && port > 0 ? checkPort(port, [...place, 'port']) : []),
  ];
}

/** Rewrites (L-17): of the path in one way, or of the host. */
export function checkRewrite(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const rewrite = asObject(value);
  if (rewrite === undefined) return [];
  const [uri, authority] = [asText(rewrite.uri) ?? '', asText(rewrite.authority) ?? ''];
  const regex = asObject(rewrite.uriRegexRewrite);
  const isNothing = uri === '' && regex === undefined && authority === '';
  return [
    ...complaintWhen(uri !== '' && regex !== undefined, place, '`uri` and `uriRegexRewrite` exclude each other'),
    ...complaintWhen(isNothing, place, 'a rewrite needs a `uri`, a `uriRegexRewrite` or an `authority`'),
    ...(regex === undefined ? [] : checkRegexRewrite(regex, [...place, 'uriRegexRewrite'])),
  ];
}

function checkRegexRewrite({ match, rewrite }: JsonObject, place: Path): readonly Complaint[] {
  const [pattern, replacement] = [asText(match) ?? '', asText(rewrite) ?? ''];
  if (pattern === '' || replacement === '') return [{ place, why: '`match` and `rewrite` are both needed' }];
  const why = faultOfRegex(pattern);
  return why === undefined ? [] : [{ place: [...place, 'match'], why }];
}

const largestBody = 1024 * 1024;

/** Answers without a destination (L-18). */
export function checkDirectResponse(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const response = asObject(value);
  if (response === undefined) return [];
  const body = asText(asObject(response.body)?.string) ?? '';
  return [
    ...checkStatus(response.status, [...place, 'status']),
    ...complaintWhen(body.length > largestBody, [...place, 'body'], 'the body is longer than 1 MB'),
  ];
}

const corsMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];

/** What other sites may ask for (L-19). */
export function checkCors(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const cors = asObject(value);
  if (cors === undefined) return [];
  const headers = ['allowHeaders', 'exposeHeaders'].flatMap((field) =>
    asTexts(cors[field]).flatMap((name, index) =>
      complaintWhen(!isHeaderName(name), [...place, field, index], `\`${name}\` is no name of a header`),
    ),
  );
  return [
    ...each(cors.allowOrigins, [...place, 'allowOrigins'], checkOrigin),
    ...asTexts(cors.allowMethods).flatMap((method, index) =>
      complaintWhen(
        !corsMethods.includes(method),
        [...place, 'allowMethods', index],
        `\`${method}\` is no method of HTTP`,
      ),
    ),
    ...headers,
    ...checkMaxAge(cors.maxAge, [...place, 'maxAge']),
  ];
}

function checkMaxAge(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const amount = nanosecondsOf(asText(value) ?? '');
  const isPart = amount !== undefined && amount % 1e9 !== 0;
  return isPart ? [{ place, why: `\`${String(value)}\` is no whole number of seconds` }] : checkDuration(value, place);
}

function checkOrigin(value: JsonValue, place: Path): readonly Complaint[] {
  const { exact, prefix, regex } = asObject(value) ?? {};
  const isEmpty = [exact, prefix, regex].every((text) => (asText(text) ?? '') === '');
  return [...complaintWhen(isEmpty, place, 'an origin is empty'), ...(isEmpty ? [] : checkStringMatch(value, place))];
}

/** Whether a list has anything in it. */
export function isListed(value: JsonValue | undefined): boolean {
  return asArray(value).length > 0;
}
