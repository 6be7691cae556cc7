import { type CelEnv, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import type { JsonObject, JsonValue } from '../../../src/parse/document.js';
import { kubernetesFunctions } from './cel-functions.js';
import { toCel } from './cel-values.js';
import { type CelRule, type CrdSchema, walk } from './crd-schema.js';

const environment: CelEnv = celEnv({ funcs: [...strings, ...kubernetesFunctions] });
const plans = new Map<string, ReturnType<typeof plan>>();

/** An object keeps the CEL rules of its CRD (`x-kubernetes-validations`). Transition rules do not apply to a create. */
export function checkRules(object: JsonObject, schema: CrdSchema): readonly string[] {
  const violations: string[] = [];
  walk(object, schema, '', (value, place, path) => {
    for (const rule of place['x-kubernetes-validations'] ?? []) {
      violations.push(...checkRule(rule, value, place, path));
    }
  });
  return violations;
}

function checkRule(rule: CelRule, value: JsonValue, schema: CrdSchema, path: string): readonly string[] {
  if (/\boldSelf\b/.test(rule.rule)) return [];
  const result = planOf(rule.rule)({ self: toCel(value, schema) });
  if (result === true) return [];
  const reason = isCelError(result) ? `${result.message} in ${rule.rule}` : (rule.message ?? rule.rule);
  return [`${path}: ${reason}`];
}

function planOf(rule: string): ReturnType<typeof plan> {
  const evaluate = plans.get(rule) ?? plan(environment, parse(rule));
  plans.set(rule, evaluate);
  return evaluate;
}
