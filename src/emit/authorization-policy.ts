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

/** Proxies then log what the policy says, and do not obey it (istio-security §7). */
const dryRun = { 'istio.io/dry-run': 'true' } as const;

export function authorizationPolicy(policy: PlacedPolicy, provenance: Provenance): Manifest {
  const { cluster, namespace, name, effect, authorizer, role, isWatched, purpose, rules } = policy;
  const origins = distinct([...policy.origins, ...rules.flatMap((rule) => rule.origins)]);
  const ruleOrigins = new Set(rules.flatMap((rule) => rule.origins.map(({ id }) => id)));
  return {
    cluster,
    phase: phaseOf[role],
    object: {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name, namespace, ...ownMetadata(purpose, origins, isWatched && dryRun) },
      spec: {
        ...attachment(policy.attachment),
        ...(authorizer === undefined
          ? { action: effect.toUpperCase() }
          : { action: 'CUSTOM', provider: { name: authorizer } }),
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
  const sources = sourcesOf(rule);
  const operation = operationOf(rule);
  const when = rule.conditions.flatMap(attributeCondition);
  return {
    ...(sources ? { from: sources.map((source) => ({ source })) } : {}),
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
  'remoteIpBlocks',
  'notIpBlocks',
  'notRemoteIpBlocks',
] as const;

/** Who sends, and in the name of which end user: a request principal is a field of every source. */
function sourcesOf({ sources, conditions }: PlacedRule): readonly JsonObject[] | undefined {
  const principals = conditions.filter(isRequestPrincipal).map(({ values, isNegated }): [string, JsonValue] => {
    return [isNegated ? 'notRequestPrincipals' : 'requestPrincipals', textsOf(values)];
  });
  if (principals.length === 0) return sources?.map(sourceOf);
  return (sources ?? [{}]).map((source) => ({ ...sourceOf(source), ...Object.fromEntries(principals) }));
}

function isRequestPrincipal({ key, name }: Condition): boolean {
  return key === 'token' && name === 'principal';
}

function sourceOf(source: SourceMatch): JsonObject {
  return Object.fromEntries(
    sourceFields.flatMap((field) => (source[field] ? [[field, source[field]] as [string, JsonValue]] : [])),
  );
}

function operationOf({ ports, notPorts, conditions }: PlacedRule): JsonObject {
  const requests = conditions
    .filter(({ key }) => !isOfWhen(key))
    .map(({ key, values, isNegated }): [string, JsonValue] => [isNegated ? negatedField[key] : key, textsOf(values)]);
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
  serverNames: 'notValues',
  token: 'notValues',
};

function attributeCondition(condition: Condition): JsonObject[] {
  const { key, name, values, isNegated } = condition;
  if (!isOfWhen(key) || isRequestPrincipal(condition)) return [];
  const attribute = attributeOf(key, name);
  return [{ key: attribute, [isNegated ? negatedField[key] : 'values']: textsOf(values) }];
}

/** What is compared in `when`, and not in `to`. */
function isOfWhen(key: Condition['key']): key is 'headers' | 'token' | 'serverNames' {
  return key === 'headers' || key === 'token' || key === 'serverNames';
}

function attributeOf(key: 'headers' | 'token' | 'serverNames', name = ''): string {
  if (key === 'serverNames') return 'connection.sni';
  return key === 'headers' ? `request.headers[${name}]` : `request.auth.${name}`;
}

function textsOf(values: Condition['values']): JsonValue {
  return values.map(({ value }) => value);
}
