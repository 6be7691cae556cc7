import { asObject, asText } from '../../mesh/json.js';
import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import type { MeshSettings } from '../../parse/mesh.js';
import { label } from '../names/label.js';
import { objectsIn } from '../objects-in.js';

/** The issuers that RequestAuthentications name, beside those that the Mesh document has. */
export interface FoundIssuers {
  /** By `iss`: the names of all of them. */
  readonly names: ReadonlyMap<string, string>;
  /** Those that the Mesh document lacks. */
  readonly missing: readonly JsonObject[];
  /** Objects that cannot be said, and why. */
  readonly unsaid: ReadonlyMap<ManifestObject, string>;
}

export function issuersIn(objects: readonly ManifestObject[], { tokenIssuers }: MeshSettings): FoundIssuers {
  const names = new Map(tokenIssuers.map(({ issuer, name }) => [issuer, name]));
  const declared = new Map<string, JsonObject>();
  const unsaid = new Map<ManifestObject, string>();
  for (const object of objects) {
    const rules = tokenRulesOf(object);
    for (const rule of rules) {
      const issuer = asText(rule.issuer) ?? '';
      const name = names.get(issuer) ?? nameFor(object, rules.length, issuer, new Set(names.values()));
      const data = issuerData(name, issuer, rule);
      const before = declared.get(issuer);
      if (issuer === '') unsaid.set(object, 'a rule without an issuer takes the tokens of all of them');
      else if (before !== undefined && JSON.stringify(before) !== JSON.stringify(data))
        unsaid.set(object, `issuer \`${issuer}\` is declared otherwise elsewhere`);
      else if (!names.has(issuer)) {
        names.set(issuer, name);
        declared.set(issuer, data);
      }
    }
  }
  return { names, missing: [...declared.values()], unsaid };
}

function tokenRulesOf({ value }: ManifestObject): readonly JsonObject[] {
  return objectsIn(asObject(value.spec)?.jwtRules);
}

function nameFor({ name }: ManifestObject, rules: number, issuer: string, taken: ReadonlySet<string>): string {
  const [, host = issuer] = /^\w+:\/\/([^/]+)/.exec(issuer) ?? [];
  const wanted = label(rules === 1 ? name : host) || 'issuer';
  return taken.has(wanted) ? label(`${wanted}-${host}`) : wanted;
}

const same = [
  'jwksUri',
  'jwks',
  'audiences',
  'outputPayloadToHeader',
  'outputClaimToHeaders',
  'spaceDelimitedClaims',
  'timeout',
];

function issuerData(name: string, issuer: string, rule: JsonObject): JsonObject {
  const fields = same.flatMap((field) => (rule[field] === undefined ? [] : [[field, rule[field]] as const]));
  const from = Object.entries({ headers: rule.fromHeaders, cookies: rule.fromCookies, parameters: rule.fromParams });
  const places = from.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  return {
    name,
    issuer,
    ...Object.fromEntries(fields),
    ...(places.length > 0 && { from: Object.fromEntries(places) }),
    ...(rule.forwardOriginalToken === true && { forwardOriginalToken: true }),
  };
}
