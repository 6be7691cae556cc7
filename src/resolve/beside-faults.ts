import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Intent, LeftOut } from '../parse/ast.js';

/** Faults of a name or a value as it is written, which the manifests and the Mesh document alone decide. */
const ofOneText: ReadonlySet<Diagnostic['name']> = new Set<Diagnostic['name']>([
  'ambiguous-name',
  'ambiguous-port',
  'claim-not-text',
  'claim-with-own-field',
  'contradictory-default',
  'contradictory-mtls',
  'destination-behind-gateway',
  'duplicate-rule',
  'duplicate-settings',
  'empty-version',
  'fault-ended',
  'field-not-for-host',
  'gateway-destination',
  'gateway-exists',
  'gateway-without-namespace',
  'host-of-mesh',
  'host-without-name',
  'limit-too-quick',
  'malformed-claim',
  'malformed-date',
  'malformed-expression',
  'malformed-header',
  'malformed-host',
  'malformed-ip-block',
  'malformed-locality',
  'malformed-method',
  'malformed-name',
  'malformed-namespace-pattern',
  'malformed-path',
  'malformed-regex',
  'mtls-of-gateway',
  'no-http-port',
  'not-of-scope',
  'outside-scope',
  'principal-not-name',
  'provider-of-another-kind',
  'requests-on-tcp-port',
  'selects-nothing',
  'unknown-authorizer',
  'unknown-cluster-name',
  'unknown-external',
  'unknown-namespace',
  'unknown-port',
  'unknown-provider',
  'unknown-service',
  'unknown-service-account',
  'unknown-token-issuer',
  'unknown-workload',
  'unresolved-target-port',
  'versions-of-gateway',
  'waypoints-of-no-namespace',
]);

interface Definition {
  readonly kind: Intent['kind'];
  /** The field of `spec` that defines it; absent where a document does by its name. */
  readonly field?: string;
}

/** What a name may mean that intents define. */
const definitions: Readonly<Partial<Record<Diagnostic['name'], Definition>>> = {
  'host-not-declared': { kind: 'TrafficSettings', field: 'hosts' },
  'unknown-gateway': { kind: 'TrafficSettings', field: 'listeners' },
  'unknown-group': { kind: 'CallerGroup' },
  'unknown-host': { kind: 'TrafficSettings' },
  'unknown-listener-port': { kind: 'TrafficSettings', field: 'listeners' },
  'unknown-match-host': { kind: 'TrafficSettings', field: 'hosts' },
  'unknown-route-port': { kind: 'TrafficSettings', field: 'ports' },
  'unknown-version': { kind: 'TrafficSettings', field: 'versions' },
};

/** Whether a fault stays one whatever is written in place of what could not be read. */
export function isSureWithout(leftOut: readonly LeftOut[]): (found: Diagnostic) => boolean {
  return ({ name, severity }) => {
    if (severity !== 'error') return false;
    const definition = definitions[name];
    return definition === undefined ? ofOneText.has(name) : !leftOut.some((part) => mayDefine(part, definition));
  };
}

function mayDefine({ kind, path }: LeftOut, definition: Definition): boolean {
  const [, field] = path;
  return kind === definition.kind && (path.length < 2 || field === definition.field);
}
