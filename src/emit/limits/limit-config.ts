import type { PlacedLimitConfig } from '../../ir/placed-limits.js';
import type { ResolvedRateLimit } from '../../resolve/resolved-traffic.js';
import type { Manifest } from '../manifest.js';
import { distinct, objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { type DescriptorEntry, descriptorOf } from './descriptor.js';

/** The ConfigMap that a rate limit service reads its amounts from, in the form of envoyproxy/ratelimit. */
export function limitConfig({ cluster, service, limits }: PlacedLimitConfig, provenance: Provenance): Manifest {
  const { name, namespace, host, domain } = service;
  const purpose = `how many requests ${host} lets through in domain ${domain}`;
  const origins = distinct(limits.map(({ origin }) => origin));
  return {
    cluster,
    phase: '10-infrastructure',
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${name}-limits`, namespace, ...ownMetadata(purpose, origins) },
      data: { 'config.yaml': textOf(domain, limits) },
    },
    header: [...objectComment(purpose, origins, provenance), ...(provenance === 'none' ? [] : [howToMount])],
    comments: [],
    realises: origins.map(({ id }) => id),
  };
}

const howToMount = 'mount it where the server reads its configuration, and nothing else of this domain';

/** Each limit begins with an entry of its own, so that no two share a count. */
function textOf(domain: string, limits: readonly ResolvedRateLimit[]): string {
  const lines = limits.flatMap((limit) => linesOf(descriptorOf(limit), amountOf(limit), ''));
  return [`domain: ${quoted(domain)}`, 'descriptors:', ...lines, ''].join('\n');
}

function linesOf([entry, ...rest]: readonly DescriptorEntry[], amount: Amount, indent: string): string[] {
  if (entry === undefined) return [];
  const { key, value } = entry;
  const inner = `${indent}  `;
  return [
    `${indent}- key: ${quoted(key)}`,
    ...(value === undefined ? [] : [`${inner}value: ${quoted(value)}`]),
    ...(rest.length === 0
      ? [`${inner}rate_limit:`, `${inner}  unit: ${amount.unit}`, `${inner}  requests_per_unit: ${amount.requests}`]
      : [`${inner}descriptors:`, ...linesOf(rest, amount, inner)]),
  ];
}

interface Amount {
  readonly unit: string;
  readonly requests: number;
}

function amountOf({ requests, milliseconds }: ResolvedRateLimit): Amount {
  const units = new Map([
    [1_000, 'second'],
    [60_000, 'minute'],
    [3_600_000, 'hour'],
  ]);
  return { unit: units.get(milliseconds) ?? 'day', requests };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
