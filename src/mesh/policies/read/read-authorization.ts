import type { Result } from '../../../diagnostics/diagnostic.js';
import type { JsonObject, JsonValue, ManifestObject, Path } from '../../../parse/document.js';
import type { IstioVersion } from '../../../parse/mesh.js';
import { misfits } from '../../../topology/schemas/shape.js';
import { isConditionKey, negated, operationFields, sourceFields } from '../../fields.js';
import { asArray, asLabels, asObject, asText, asTexts } from '../../json.js';
import type { Attribute } from '../../view.js';
import type { Action, AuthorizationPolicy, Item, Rule, Scope, TargetReference, Test } from '../policy.js';
import { checkAuthorization } from './check-authorization.js';
import { checkScope } from './check-scope.js';
import { refusals, unexplained } from './complaint.js';
import { authorizationShape } from './policy-shapes.js';

const actions: readonly string[] = ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'] satisfies readonly Action[];
const targetKinds: readonly string[] = ['Service', 'ServiceEntry', 'Gateway', 'GatewayClass'] satisfies ReadonlyArray<
  TargetReference['kind']
>;

/** What a manifest's AuthorizationPolicy says. What the API server or Istio's webhook would refuse is an error (§1.7). */
export function readAuthorizationPolicy(object: ManifestObject, version: IstioVersion): Result<AuthorizationPolicy> {
  const spec = asObject(object.value.spec) ?? {};
  const value: AuthorizationPolicy = {
    kind: 'AuthorizationPolicy',
    namespace: object.namespace ?? 'default',
    name: object.name,
    action: readAction(spec.action),
    provider: asText(asObject(spec.provider)?.name),
    dryRun: isDryRun(object),
    scope: readScope(spec),
    rules: asArray(spec.rules).map((rule, index) => readRule(rule, ['spec', 'rules', index])),
    object,
  };
  const unfit = misfits(object.value.spec ?? {}, authorizationShape(version), ['spec']);
  const complaints = [...checkScope(spec), ...checkAuthorization(value)];
  return { value, diagnostics: refusals(object, [...unfit, ...unexplained(complaints, unfit)]) };
}

function readAction(action: JsonValue | undefined): Action {
  const name = asText(action);
  return name !== undefined && isAction(name) ? name : 'ALLOW';
}

function isAction(name: string): name is Action {
  return actions.includes(name);
}

/** Istio takes every spelling of true that Go does (§1.7). */
function isDryRun({ value }: ManifestObject): boolean {
  const annotations = asLabels(asObject(value.metadata)?.annotations);
  return /^(1|t|T|true|TRUE|True)$/.test(annotations['istio.io/dry-run'] ?? '');
}

/** Selector, targets or neither; `targetRef` is the older spelling of one target. */
export function readScope(spec: JsonObject): Scope {
  const single = asObject(spec.targetRef);
  const targets = [...(single === undefined ? [] : [single]), ...asArray(spec.targetRefs)].flatMap(readTarget);
  if (targets.length > 0) return { kind: 'targets', targets };
  const selector = asObject(spec.selector);
  if (selector === undefined) return { kind: 'namespace' };
  const matchLabels = asObject(selector.matchLabels);
  return { kind: 'selector', matchLabels: matchLabels && asLabels(matchLabels) };
}

function readTarget(target: JsonValue): readonly TargetReference[] {
  const kind = asText(asObject(target)?.kind);
  const name = asText(asObject(target)?.name);
  return kind !== undefined && name !== undefined && isTargetKind(kind) ? [{ kind, name }] : [];
}

function isTargetKind(kind: string): kind is TargetReference['kind'] {
  return targetKinds.includes(kind);
}

function readRule(rule: JsonValue, place: Path): Rule {
  const fields = asObject(rule) ?? {};
  return {
    from: readItems(fields, 'from', 'source', sourceFields, place),
    to: readItems(fields, 'to', 'operation', operationFields, place),
    when: asArray(fields.when).map((item, index) => readCondition(item, [...place, 'when', index])),
    place,
  };
}

function readItems(
  rule: JsonObject,
  section: string,
  inner: string,
  names: Readonly<Record<string, Attribute>>,
  rulePlace: Path,
): readonly Item[] {
  return asArray(rule[section]).map((entry, index) => {
    const place = [...rulePlace, section, index, inner];
    const fields = asObject(asObject(entry)?.[inner]) ?? {};
    const tests = Object.entries(names).flatMap(([name, attribute]) => readTest(fields, name, attribute, place));
    return { tests, place };
  });
}

function readTest(fields: JsonObject, field: string, attribute: Attribute, place: Path): Test[] {
  const values = asTexts(fields[field]);
  const notValues = asTexts(fields[negated(field)]);
  if (values.length + notValues.length === 0) return [];
  return [{ field, attribute, values, notValues, place: [...place, values.length > 0 ? field : negated(field)] }];
}

/** A condition whose key does not exist has no tests: such a policy is refused. */
function readCondition(condition: JsonValue, place: Path): Item {
  const fields = asObject(condition) ?? {};
  const key = asText(fields.key) ?? '';
  if (!isConditionKey(key)) return { tests: [], place };
  const [values, notValues] = [asTexts(fields.values), asTexts(fields.notValues)];
  return { tests: [{ field: key, attribute: foldHeaderName(key), values, notValues, place }], place };
}

/** Header names are compared without case (§8.2). */
function foldHeaderName(key: Attribute): Attribute {
  const name = /^request\.headers\[(.*)\]$/.exec(key)?.[1];
  return name === undefined ? key : `request.headers[${name.toLowerCase()}]`;
}
