import { asText, asTexts } from '../../json.js';
import type { CorsPolicy, TextMatch } from '../route.js';
import { asNumber, type Node, nodesOf } from './fields.js';
import { durationIn } from './route-settings.js';

/** `corsPolicy` of a VirtualService. */
export function corsOfVirtualService(policy: Node): CorsPolicy {
  const { allowOrigin, allowOrigins, allowMethods, allowHeaders, exposeHeaders, allowCredentials } = policy.value;
  const deprecated = allowOrigins === undefined ? asTexts(allowOrigin) : [];
  return {
    origins: [
      ...deprecated.map((value): TextMatch => (value === '*' ? anything : { kind: 'exact', value })),
      ...nodesOf(policy, 'allowOrigins').map(originOf),
    ],
    methods: asTexts(allowMethods),
    headers: asTexts(allowHeaders),
    exposed: asTexts(exposeHeaders),
    maxAge: durationIn(policy, 'maxAge')?.value ?? browsersOwn,
    credentials: allowCredentials === true,
    ...(policy.value.unmatchedPreflights === 'IGNORE' && { answersOthers: true }),
  };
}

/** Filter CORS of an HTTPRoute. */
export function corsOfFilter({ value }: Node): CorsPolicy {
  const seconds = asNumber(value.maxAge);
  return {
    origins: asTexts(value.allowOrigins).map(originNamed),
    methods: asTexts(value.allowMethods),
    headers: asTexts(value.allowHeaders),
    exposed: asTexts(value.exposeHeaders),
    maxAge: seconds === undefined ? browsersOwn : seconds * 1000,
    credentials: value.allowCredentials === true,
  };
}

/** For how long browsers keep an answer that says nothing of it. */
const browsersOwn = 5000;

const anything: TextMatch = { kind: 'present' };

function originOf({ value: { exact, prefix, regex } }: Node): TextMatch {
  if (typeof exact === 'string') return exact === '*' ? anything : { kind: 'exact', value: exact };
  if (typeof prefix === 'string') return { kind: 'prefix', value: prefix };
  const value = asText(regex) ?? '';
  return value === '.*' || value === '*' ? anything : { kind: 'regex', value };
}

/** `*`, a text that ends with it, or one with a wildcard for a label. */
function originNamed(origin: string): TextMatch {
  if (origin === '*') return anything;
  const [before = '', after, ...more] = origin.split('*');
  if (after === undefined) return { kind: 'exact', value: origin };
  if (after === '' && more.length === 0) return { kind: 'prefix', value: before };
  return { kind: 'regex', value: origin };
}
