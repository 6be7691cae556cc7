import type { Cursor } from '../cursor.js';
import { readTexts } from '../parse-references.js';
import { numberOf } from './leaves.js';
import { readEndpoints, readPortEndpoints } from './read-endpoints.js';
import { readGatewayDeployment } from './read-gateway-deployment.js';
import { readLimits } from './read-limits.js';
import { readListener } from './read-listeners.js';
import { readRateLimit } from './read-rate-limits.js';
import { readReachability } from './read-reachability.js';
import { readRoute } from './read-route.js';
import { readTelemetry } from './read-telemetry.js';
import type { ExportTo, Rollout, SplitShare, TrafficScope, TrafficSettings, Version } from './settings.js';

/** Reads a TrafficSettings document that its schema has accepted. */
export function readTrafficSettings(document: Cursor): TrafficSettings {
  const spec = document.field('spec');
  return {
    kind: 'TrafficSettings',
    name: document.field('metadata').field('name').text(),
    scope: readScope(spec.field('scope')),
    hosts: spec.optional('hosts', readTexts) ?? [],
    listeners: spec.optional('listeners', (node) => node.items().map(readListener)) ?? [],
    deployment: spec.optional('deployment', readGatewayDeployment),
    versions: spec.optional('versions', (node) => node.fields().map(readVersion)) ?? [],
    split: spec.optional('split', (node) => node.fields().map(readShare)) ?? [],
    rollout: spec.optional('rollout', readRollout),
    weights: spec.optional('weights', (node) => node.text() as NonNullable<TrafficSettings['weights']>),
    routes: spec.optional('routes', (node) => node.items().map(readRoute)) ?? [],
    unmatched: spec.optional('unmatched', (node) => node.text() as NonNullable<TrafficSettings['unmatched']>),
    ...readLimits(spec),
    endpoints: readEndpoints(spec),
    ports: spec.optional('ports', readPortEndpoints) ?? [],
    outside: {
      addresses: spec.optional('addresses', readTexts) ?? [],
      through: spec.optional('through', (node) => node.field('gateway').text()),
    },
    reachability: readReachability(spec),
    telemetry: spec.optional('telemetry', readTelemetry),
    exportTo: spec.optional('exportTo', readExportTo),
    limits: spec.optional('limits', (node) => node.items().map(readRateLimit)) ?? [],
    acceptsExtensions: spec.optional('extensions', ({ value }) => value === 'Accept') ?? false,
    fields: spec
      .fields()
      .filter(({ key }) => key !== 'scope')
      .map(({ key, keySpan }) => ({ value: key, span: keySpan })),
  };
}

function readExportTo(node: Cursor): ExportTo {
  return { namespaces: Array.isArray(node.value) ? readTexts(node) : undefined, span: node.span };
}

function readScope(scope: Cursor): TrafficScope {
  if (scope.value === 'mesh') return { kind: 'mesh', reference: '', namespace: undefined, span: scope.span };
  const fields = scope.fields();
  const field = fields.find(({ key }) => key !== 'namespace') ?? fields[0];
  const kind = field?.key as TrafficScope['kind'];
  const { value, span } = scope.field(kind).text();
  return { kind, reference: value, namespace: scope.optional('namespace', (node) => node.text()), span };
}

function readVersion(version: Cursor): Version {
  const labels = version.field('labels').value as Readonly<Record<string, string>>;
  return { name: { value: version.key, span: version.keySpan }, labels, endpoints: readEndpoints(version) };
}

function readShare(share: Cursor): SplitShare {
  return { version: { value: share.key, span: share.keySpan }, weight: Number(share.value) };
}

function readRollout(rollout: Cursor): Rollout {
  const numberAt = (node: Cursor) => ({ value: numberOf(node), span: node.span });
  return {
    from: rollout.field('from').text(),
    to: rollout.field('to').text(),
    steps: rollout.field('steps').items().map(numberAt),
    step: numberAt(rollout.field('step')),
    span: rollout.keySpan,
  };
}
