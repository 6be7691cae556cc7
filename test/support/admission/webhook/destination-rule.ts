import type { JsonObject } from '../../../../src/parse/document.js';
import { isList, objectAt, objectsAt, type Placed } from '../json.js';
import { dnsLabel, wildcardDomain } from '../names.js';

/** What istiod's webhook refuses in a DestinationRule (L-30). */
export function checkDestinationRule(spec: JsonObject): readonly string[] {
  const host = String(spec.host);
  const subsets = objectsAt(spec, 'subsets', 'spec');
  const policies = [{ path: 'spec', value: spec }, ...subsets].filter(({ value }) => value.trafficPolicy !== undefined);
  return [
    ...(host === '*' || wildcardDomain(host) === undefined ? [] : [`spec.host: \`${host}\` is not a host (L-30)`]),
    ...checkSubsetNames(subsets),
    ...policies.flatMap((owner) =>
      checkTrafficPolicy({ path: `${owner.path}.trafficPolicy`, value: objectAt(owner.value, 'trafficPolicy') }),
    ),
  ];
}

function checkSubsetNames(subsets: readonly Placed<JsonObject>[]): readonly string[] {
  const names = subsets.map(({ value }) => String(value.name));
  return subsets.flatMap(({ path }, index) => {
    const name = names[index] ?? '';
    const label = dnsLabel(name) === undefined ? [] : [`${path}.name: \`${name}\` is not a DNS label (L-30)`];
    return names.indexOf(name) < index ? [...label, `${path}.name: duplicate subset \`${name}\` (L-30)`] : label;
  });
}

const settings = [
  'outlierDetection',
  'connectionPool',
  'loadBalancer',
  'tls',
  'tunnel',
  'proxyProtocol',
  'retryBudget',
];

function checkTrafficPolicy({ path, value: policy }: Placed<JsonObject>): readonly string[] {
  const empty = settings.every((field) => policy[field] === undefined) && !isList(policy.portLevelSettings);
  return [
    ...(empty ? [`${path}: is empty (L-30)`] : []),
    ...checkConnectionPool(policy, path),
    ...objectsAt(policy, 'portLevelSettings', path).flatMap(checkPortSettings),
  ];
}

function checkConnectionPool(policy: JsonObject, path: string): readonly string[] {
  const pool = objectAt(policy, 'connectionPool');
  const vain = policy.connectionPool !== undefined && pool.tcp === undefined && pool.http === undefined;
  return vain ? [`${path}.connectionPool: needs tcp or http (L-30)`] : [];
}

function checkPortSettings({ path, value }: Placed<JsonObject>): readonly string[] {
  const bare = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'].every(
    (field) => value[field] === undefined,
  );
  return [
    ...(value.port === undefined ? [`${path}.port: required (L-30)`] : []),
    ...(bare ? [`${path}: sets nothing (L-30)`] : []),
    ...checkConnectionPool(value, path),
  ];
}
