import type { PlacedPolicy, PlacedRule, SourceMatch } from '../ir/policy-ir.js';
import type { Condition } from '../parse/ast.js';
import type { JsonObject, JsonValue } from '../parse/document.js';
import { attachment } from './attachment.js';
import type { Manifest, Phase } from './manifest.js';
import { distinct, objectComment, ownMetadata, type Provenance, ruleComment } from './provenance.js';

const phaseOf: Readonly<Record<PlacedPolicy['role'], Phase>> = {
  rules: '20-policies',
  guard: '40-guards',
  default: '40-guards',
};

export function authorizationPolicy(policy: PlacedPolicy, provenance: Provenance): Manifest {
  const { cluster, namespace, name, effect, role, purpose, rules } = policy;
  const origins = distinct([...policy.origins, ...rules.flatMap((rule) => rule.origins)]);
  const ruleOrigins = new Set(rules.flatMap((rule) => rule.origins.map(({ id }) => id)));
  return {
    cluster,
    phase: phaseOf[role],
    object: {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec: {
        ...attachment(policy.attachment),
        action: effect.toUpperCase(),
        // An ALLOW without rules matches nothing and so closes what it is attached to (istio-security §1.1).
        ...(rules.length > 0 ? { rules: rules.map(ruleOf) } : {}),
      },
    },
    header: objectComment(
      purpose,
      origins.filter(({ id }) => !ruleOrigins.has(id)),
      provenance,
    ),
    comments: rules.map((rule, index) => ({
      path: ['spec', 'rules', index],
      lines: ruleComment(rule.origins, rule.why, provenance),
    })),
    realises: origins.map(({ id }) => id),
  };
}

function ruleOf(rule: PlacedRule): JsonObject {
  const operation = operationOf(rule);
  const when = rule.conditions.filter(({ key }) => key === 'headers').map(headerCondition);
  return {
    ...(rule.sources ? { from: rule.sources.map((source) => ({ source: sourceOf(source) })) } : {}),
    ...(Object.keys(operation).length > 0 ? { to: [{ operation }] } : {}),
    ...(when.length > 0 ? { when } : {}),
  };
}

const sourceFields = [
  'principals',
  'notPrincipals',
  'serviceAccounts',
  'namespaces',
  'notNamespaces',
  'ipBlocks',
  'notIpBlocks',
] as const;

function sourceOf(source: SourceMatch): JsonObject {
  return Object.fromEntries(
    sourceFields.flatMap((field) => (source[field] ? [[field, source[field]] as [string, JsonValue]] : [])),
  );
}

function operationOf({ ports, notPorts, conditions }: PlacedRule): JsonObject {
  const requests = conditions
    .filter(({ key }) => key !== 'headers')
    .map(({ key, values, isNegated }): [string, JsonValue] => [
      isNegated ? negatedField[key] : key,
      values.map(({ value }) => value),
    ]);
  return {
    ...(ports ? { ports: ports.map(String) } : {}),
    ...(notPorts ? { notPorts: notPorts.map(String) } : {}),
    ...Object.fromEntries(requests),
  };
}

const negatedField: Readonly<Record<Condition['key'], string>> = {
  methods: 'notMethods',
  paths: 'notPaths',
  hosts: 'notHosts',
  headers: 'notValues',
};

function headerCondition({ header, values, isNegated }: Condition): JsonObject {
  const field = isNegated ? negatedField.headers : 'values';
  return { key: `request.headers[${header}]`, [field]: values.map(({ value }) => value) };
}
