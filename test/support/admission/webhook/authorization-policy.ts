import type { JsonObject } from '../../../../src/parse/document.js';
import { isList, objectAt, objectsAt, type Placed, textsAt } from '../json.js';
import { isAddress, isPort } from './address.js';
import { conditionKeyFault, identityConditions } from './conditions.js';
import { pathTemplateFault } from './path-template.js';
import { checkTargetRefs } from './target-refs.js';

/** What istiod's webhook refuses in an AuthorizationPolicy, and what it accepts but never matches (istio-security §1). */
export function checkAuthorizationPolicy(spec: JsonObject): readonly string[] {
  const rules = objectsAt(spec, 'rules', 'spec');
  return [
    ...checkTargetRefs(spec),
    ...checkProvider(spec),
    ...checkRulesPresent(spec),
    ...rules.flatMap(checkRule),
    ...(spec.action === 'CUSTOM' ? rules.flatMap(checkCustomRule) : []),
  ].map((violation) => (violation.endsWith(')') ? violation : `${violation} (istio-security §1.7)`));
}

function checkProvider(spec: JsonObject): readonly string[] {
  if (spec.action !== 'CUSTOM') return spec.provider === undefined ? [] : ['spec.provider: only with CUSTOM'];
  const { name } = objectAt(spec, 'provider');
  return name === undefined || name === '' ? ['spec.provider.name: CUSTOM needs one'] : [];
}

/** Without rules, DENY and CUSTOM would never be triggered. */
function checkRulesPresent(spec: JsonObject): readonly string[] {
  const vain = spec.action === 'DENY' || spec.action === 'CUSTOM';
  const empty = !isList(spec.rules) || spec.rules.length === 0;
  return vain && empty ? [`spec.rules: ${spec.action} without rules does nothing`] : [];
}

function checkRule({ path, value: rule }: Placed<JsonObject>): readonly string[] {
  return [
    ...checkAlternatives(rule, 'from', 'source', path).flatMap(checkSource),
    ...checkAlternatives(rule, 'to', 'operation', path).flatMap(checkOperation),
    ...checkPresence(rule, 'from', 'source', path),
    ...checkPresence(rule, 'to', 'operation', path),
    ...objectsAt(rule, 'when', path).flatMap(checkCondition),
  ];
}

/** The sources or operations of a rule. */
function checkAlternatives(
  rule: JsonObject,
  list: 'from' | 'to',
  field: 'source' | 'operation',
  path: string,
): readonly Placed<JsonObject>[] {
  return objectsAt(rule, list, path).map((one) => ({
    path: `${one.path}.${field}`,
    value: objectAt(one.value, field),
  }));
}

/** An empty source or operation is refused: absent means any. A list without items never arrives at the webhook. */
function checkPresence(
  rule: JsonObject,
  list: 'from' | 'to',
  field: 'source' | 'operation',
  path: string,
): readonly string[] {
  return checkAlternatives(rule, list, field, path).flatMap((one) =>
    Object.keys(one.value).length === 0 ? [`${one.path}: must set something`] : [],
  );
}

function checkSource({ path, value: source }: Placed<JsonObject>): readonly string[] {
  return [
    ...checkNoEmptyText(source, path),
    ...['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'].flatMap((field) =>
      refuse(textsAt(source, field, path), (text) => !isAddress(text), 'is not an IP address or CIDR block'),
    ),
    ...['principals', 'notPrincipals'].flatMap((field) =>
      refuse(
        textsAt(source, field, path),
        (text) => text.startsWith('spiffe://'),
        'never matches: without spiffe:// (istio-security §1.3)',
      ),
    ),
  ];
}

function checkOperation({ path, value: operation }: Placed<JsonObject>): readonly string[] {
  const templates = ['paths', 'notPaths'].flatMap((field) => textsAt(operation, field, path));
  return [
    ...checkNoEmptyText(operation, path),
    ...['ports', 'notPorts'].flatMap((field) =>
      refuse(textsAt(operation, field, path), (text) => !isPort(text), 'is not a port'),
    ),
    ...templates.flatMap((one) => {
      const fault = pathTemplateFault(one.value);
      return fault === undefined ? [] : [`${one.path}: \`${one.value}\`: ${fault} (istio-security §1.5)`];
    }),
  ];
}

function checkCondition({ path, value: condition }: Placed<JsonObject>): readonly string[] {
  const values = [...textsAt(condition, 'values', path), ...textsAt(condition, 'notValues', path)];
  const key = String(condition.key);
  const fault = conditionKeyFault(key);
  return [
    ...(values.length === 0 ? [`${path}: needs values or notValues`] : []),
    ...(fault === undefined ? [] : [`${path}.key: \`${key}\` ${fault} (istio-security §1.6)`]),
    ...checkNoEmptyText(condition, path),
    ...(key.endsWith('.ip') ? refuse(values, (text) => !isAddress(text), 'is not an IP address or CIDR block') : []),
    ...(key === 'destination.port' ? refuse(values, (text) => !isPort(text), 'is not a port') : []),
  ];
}

/** Who calls is not known to CUSTOM policies: the external service decides that. */
function checkCustomRule({ path, value: rule }: Placed<JsonObject>): readonly string[] {
  const identities = /^(not)?(namespaces|serviceAccounts|principals|requestPrincipals|trustDomains)$/i;
  const sources = checkAlternatives(rule, 'from', 'source', path);
  return [
    ...sources.flatMap((source) =>
      Object.keys(source.value).flatMap((field) =>
        identities.test(field) ? [`${source.path}.${field}: not with CUSTOM`] : [],
      ),
    ),
    ...objectsAt(rule, 'when', path).flatMap((condition) =>
      identityConditions.test(String(condition.value.key)) ? [`${condition.path}.key: not with CUSTOM`] : [],
    ),
  ];
}

function checkNoEmptyText(parent: JsonObject, path: string): readonly string[] {
  return Object.keys(parent).flatMap((field) =>
    refuse(textsAt(parent, field, path), (text) => text === '', 'cannot be empty'),
  );
}

function refuse(
  texts: readonly Placed<string>[],
  isWrong: (text: string) => boolean,
  reason: string,
): readonly string[] {
  return texts.filter(({ value }) => isWrong(value)).map(({ path, value }) => `${path}: \`${value}\` ${reason}`);
}
