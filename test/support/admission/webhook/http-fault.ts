import type { JsonObject } from '../../../../src/parse/document.js';
import { objectAt } from '../json.js';
import { durationFault } from './duration.js';

const grpcStatuses = new Set(
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  ),
);

/** A fault aborts or delays, a share of requests that Envoy can express (L-15). */
export function checkFault(fault: JsonObject, path: string): readonly string[] {
  const { abort, delay } = fault;
  return [
    ...(abort === undefined && delay === undefined ? [`${path}: needs abort or delay (L-15)`] : []),
    ...(abort === undefined ? [] : checkAbort(objectAt(fault, 'abort'), `${path}.abort`)),
    ...(delay === undefined ? [] : checkDelay(objectAt(fault, 'delay'), `${path}.delay`)),
  ];
}

function checkAbort(abort: JsonObject, path: string): readonly string[] {
  const { httpStatus, grpcStatus, http2Error } = abort;
  const badStatus = httpStatus !== undefined && (Number(httpStatus) < 200 || Number(httpStatus) > 600);
  const badGrpc = grpcStatus !== undefined && !grpcStatuses.has(String(grpcStatus));
  return [
    ...(badStatus ? [`${path}.httpStatus: \`${httpStatus}\` is not 200..600 (L-15)`] : []),
    ...(badGrpc ? [`${path}.grpcStatus: \`${grpcStatus}\` is not a gRPC status (L-15)`] : []),
    ...(http2Error === undefined ? [] : [`${path}.http2Error: is not supported (L-15)`]),
    ...checkPercentage(abort, path),
  ];
}

function checkDelay(delay: JsonObject, path: string): readonly string[] {
  const fault = delay.fixedDelay === undefined ? undefined : durationFault(String(delay.fixedDelay));
  return [
    ...(delay.exponentialDelay === undefined ? [] : [`${path}.exponentialDelay: is not supported (L-15)`]),
    ...(fault === undefined ? [] : [`${path}.fixedDelay: ${fault}`]),
    ...checkPercentage(delay, path),
  ];
}

function checkPercentage(parent: JsonObject, path: string): readonly string[] {
  const { value } = objectAt(parent, 'percentage');
  if (value === undefined || value === 0 || (Number(value) >= 0.0001 && Number(value) <= 100)) return [];
  return [`${path}.percentage: \`${value}\` is not 0 or 0.0001..100 (L-15)`];
}
