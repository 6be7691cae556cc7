import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { type JsonObject, type JsonValue, type ManifestObject, type Path, spanIn } from '../parse/document.js';
import { checkAuthorization } from './check-authorization.js';
import { isConditionKey, negated, operationFields, sourceFields } from './fields.js';
import { asArray, asLabels, asObject, asText, asTexts } from './json.js';
import type { Action, AuthorizationPolicy, Item, Rule, Scope, TargetReference, Test } from './policy.js';
import type { Attribute } from './view.js';

const actions: readonly string[] = ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'] satisfies readonly Action[];
const targetKinds: readonly string[] = ['Service', 'ServiceEntry', 'Gateway', 'GatewayClass'] satisfies ReadonlyArray<
  TargetReference['kind']
>;

/** What a manifest's AuthorizationPolicy says. What the API server or Istio's webhook would refuse is an error (§1.7). */
export function readAuthorizationPolicy(object: ManifestObject): Result<AuthorizationPolicy> {
  const spec = asObject(object.value.spec) ?? {};
  const metadata = asObject(object.value.metadata) ?? {};
  const rules = asArray(spec.rules).map((rule, index) => readRule(rule, ['spec', 'rules', index], object));
  const value: AuthorizationPolicy = {
    kind: 'AuthorizationPolicy',
    namespace: object.namespace ?? 'default',
    name: object.name,
    action: readAction(spec.action),
    provider: asText(asObject(spec.provider)?.name),
    dryRun: asLabels(metadata.annotations)['istio.io/dry-run'] === 'true',
    scope: readScope(spec),
    rules: rules.map((rule) => rule.value),
    object,
  };
  const ofRules = rules.flatMap((rule) => rule.diagnostics);
  return { value, diagnostics: [...checkForm(spec, object), ...ofRules, ...checkAuthorization(value)] };
}

function readAction(action: JsonValue | undefined): Action {
  const name = asText(action);
  return name !== undefined && isAction(name) ? name : 'ALLOW';
}

function isAction(name: string): name is Action {
  return actions.includes(name);
}

/** Selector, targets or neither; `targetRef` is the older spelling of one target. */
export function readScope(spec: JsonObject): Scope {
  const single = asObject(spec.targetRef);
  const targets = [...(single === undefined ? [] : [single]), ...asArray(spec.targetRefs)].flatMap(readTarget);
  if (targets.length > 0) return { kind: 'targets', targets };
  const selector = asObject(spec.selector);
  if (selector === undefined) return { kind: 'namespace' };
  return { kind: 'selector', matchLabels: asLabels(selector.matchLabels) };
}

function readTarget(target: JsonValue): readonly TargetReference[] {
  const kind = asText(asObject(target)?.kind);
  const name = asText(asObject(target)?.name);
  return kind !== undefined && name !== undefined && isTargetKind(kind) ? [{ kind, name }] : [];
}

function isTargetKind(kind: string): kind is TargetReference['kind'] {
  return targetKinds.includes(kind);
}

function checkForm(spec: JsonObject, object: ManifestObject): Diagnostic[] {
  const refuse = (path: Path, why: string) => [refusal(object, ['spec', ...path], why)];
  const action = asText(spec.action);
  const targets = asArray(spec.targetRefs);
  const scopes = ['selector', 'targetRef', 'targetRefs'].filter((field) => spec[field] !== undefined);
  const unknownTarget = targets.findIndex((target) => readTarget(target).length === 0);
  return [
    ...(action !== undefined && !isAction(action) ? refuse(['action'], `there is no action \`${action}\``) : []),
    ...(scopes.length > 1 ? refuse([], 'only one of `selector`, `targetRef` and `targetRefs` can be set') : []),
    ...(targets.length > 16 ? refuse(['targetRefs'], 'at most 16 targets are allowed') : []),
    ...(unknownTarget >= 0 ? refuse(['targetRefs', unknownTarget], 'this kind of target is not supported') : []),
    ...(action === 'CUSTOM' && asObject(spec.provider) === undefined
      ? refuse([], 'a CUSTOM policy needs a provider')
      : []),
    ...(action !== undefined && action !== 'ALLOW' && asArray(spec.rules).length === 0
      ? refuse([], `a policy of action \`${action}\` needs rules`)
      : []),
  ];
}

function readRule(rule: JsonValue, place: Path, object: ManifestObject): Result<Rule> {
  const fields = asObject(rule) ?? {};
  const from = readItems(fields, 'from', 'source', sourceFields, place, object);
  const to = readItems(fields, 'to', 'operation', operationFields, place, object);
  const when = asArray(fields.when).map((item, index) => readCondition(item, [...place, 'when', index], object));
  return {
    value: { from: from.value, to: to.value, when: when.map((item) => item.value), place },
    diagnostics: [
      ...unknownFields(fields, ['from', 'to', 'when'], place, object),
      ...from.diagnostics,
      ...to.diagnostics,
      ...when.flatMap((item) => item.diagnostics),
    ],
  };
}

function readItems(
  rule: JsonObject,
  section: string,
  inner: string,
  names: Readonly<Record<string, Attribute>>,
  place: Path,
  object: ManifestObject,
): Result<readonly Item[]> {
  const allowed = Object.keys(names).flatMap((name) => [name, negated(name)]);
  const results = asArray(rule[section]).map((entry, index): Result<Item> => {
    const itemPlace = [...place, section, index, inner];
    const fields = asObject(asObject(entry)?.[inner]) ?? {};
    const tests = Object.entries(names).flatMap(([name, attribute]) => readTest(fields, name, attribute, itemPlace));
    const empty = tests.length === 0 ? [refusal(object, itemPlace, `an empty \`${inner}\` is not allowed`)] : [];
    return {
      value: { tests, place: itemPlace },
      diagnostics: [...unknownFields(fields, allowed, itemPlace, object), ...empty],
    };
  });
  return { value: results.map((item) => item.value), diagnostics: results.flatMap((item) => item.diagnostics) };
}

function readTest(fields: JsonObject, field: string, attribute: Attribute, place: Path): Test[] {
  const values = asTexts(fields[field]);
  const notValues = asTexts(fields[negated(field)]);
  if (values.length + notValues.length === 0) return [];
  return [{ field, attribute, values, notValues, place: [...place, values.length > 0 ? field : negated(field)] }];
}

function readCondition(condition: JsonValue, place: Path, object: ManifestObject): Result<Item> {
  const fields = asObject(condition) ?? {};
  const key = asText(fields.key) ?? '';
  const values = asTexts(fields.values);
  const notValues = asTexts(fields.notValues);
  if (!isConditionKey(key)) {
    return {
      value: { tests: [], place },
      diagnostics: [refusal(object, place, `there is no condition key \`${key}\``)],
    };
  }
  const empty = values.length + notValues.length === 0 ? [refusal(object, place, 'a condition needs values')] : [];
  const tests = [{ field: key, attribute: foldHeaderName(key), values, notValues, place }];
  return { value: { tests, place }, diagnostics: empty };
}

/** Header names are compared without case (§8.2). */
function foldHeaderName(key: Attribute): Attribute {
  const name = /^request\.headers\[(.*)\]$/.exec(key)?.[1];
  return name === undefined ? key : `request.headers[${name.toLowerCase()}]`;
}

function unknownFields(fields: JsonObject, known: readonly string[], place: Path, object: ManifestObject) {
  return Object.keys(fields)
    .filter((field) => !known.includes(field))
    .map((field) => refusal(object, [...place, field], `there is no field \`${field}\` here`));
}

function refusal(object: ManifestObject, path: Path, why: string): Diagnostic {
  const policy = `${object.kind} ${object.namespace ?? 'default'}/${object.name}`;
  return diagnostic('policy-not-accepted', { policy, why }, spanIn(object, path));
}
