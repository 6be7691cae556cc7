import { isIP } from 'node:net';
import { type CelFunc, CelScalar, celFunc, celMethod } from '@bufbuild/cel';
import { isRequestUri, schemeOf } from './request-uri.js';

const { BOOL, STRING } = CelScalar;

/** The functions that the API server adds to CEL, as far as Istio's and the Gateway API's rules call them. */
export const kubernetesFunctions: readonly CelFunc[] = [
  celFunc('isURL', [STRING], BOOL, isRequestUri),
  celFunc('url', [STRING], STRING, parseUrl),
  celMethod('getScheme', STRING, [], STRING, function scheme() {
    return schemeOf(this);
  }),
  celFunc('isIP', [STRING], BOOL, (text) => isIP(text) !== 0 && !text.includes('%')),
];

/** A URL stays text here, since only its scheme is ever asked for. */
function parseUrl(text: string): string {
  if (!isRequestUri(text)) throw new Error(`\`${text}\` is not a URL`);
  return text;
}
