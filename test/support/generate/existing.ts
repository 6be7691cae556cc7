import { fc } from '../fast-check.js';
import { gatewayReference, type SmallMesh } from './mesh.js';

/** What somebody wrote before: policies of every kind, what clients are told of TLS, and Services in unusual forms. */
export function existingObjects(mesh: SmallMesh): fc.Arbitrary<readonly object[]> {
  const object = fc.oneof(
    { weight: 5, arbitrary: policies(mesh) },
    { weight: 1, arbitrary: destinationRules(mesh) },
    { weight: 2, arbitrary: moreServices(mesh) },
  );
  return fc.array(object, { minLength: 1, maxLength: 3 }).map((objects) => objects.map(named));
}

/** Names that come in either order, so that no rival is always the first. */
const names = ['old', 'new', 'other'] as const;

type Unnamed = Readonly<Record<string, unknown>> & { readonly metadata: object };

function named({ metadata, ...rest }: Unnamed, index: number): object {
  return { ...rest, metadata: { name: names[index], ...metadata } };
}

const security = 'security.istio.io/v1';
const selectors = [undefined, { matchLabels: { app: 'cart' } }, { matchLabels: { app: 'ledger' } }];

function policies({ namespaces }: SmallMesh): fc.Arbitrary<Unnamed> {
  const [gatewayNamespace = ''] = gatewayReference.split('/');
  const places = fc.constantFrom(...namespaces.map(({ name }) => name), 'istio-system', gatewayNamespace);
  const selector = fc.constantFrom(...selectors);
  const marks = fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constant(triedOut) },
    { weight: 1, arbitrary: fc.constant({ labels: { 'istio.io/rev': 'canary' } }) },
    { weight: 1, arbitrary: fc.constant({ creationTimestamp: '2026-01-01T00:00:00Z' }) },
  );
  return fc.tuple(places, selector, marks, fc.constantFrom(...specs)).map(([namespace, own, mark, [kind, spec]]) => ({
    apiVersion: security,
    kind,
    metadata: { namespace, ...(mark === triedOut && !canBeTriedOut(spec) ? {} : mark) },
    spec: { ...(own && { selector: own }), ...(own === undefined ? withoutPorts(spec) : spec) },
  }));
}

const triedOut = { annotations: { 'istio.io/dry-run': 'true' } };

/** Istio's webhook refuses it for other actions. */
function canBeTriedOut({ action }: Readonly<Record<string, unknown>>): boolean {
  return action === 'ALLOW' || action === 'DENY';
}

const from = (source: object) => [{ from: [{ source }] }];
const to = (operation: object) => [{ to: [{ operation }] }];

const specs: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>]> = [
  ['AuthorizationPolicy', { action: 'ALLOW', rules: from({ namespaces: ['ops'] }) }],
  ['AuthorizationPolicy', { action: 'ALLOW', rules: from({ principals: ['cluster.local/ns/ops/*'] }) }],
  ['AuthorizationPolicy', { action: 'ALLOW', rules: from({ principals: ['*/sa/cart'] }) }],
  ['AuthorizationPolicy', { action: 'ALLOW', rules: [{}] }],
  ['AuthorizationPolicy', { action: 'DENY', rules: from({ namespaces: ['elsewhere'] }) }],
  ['AuthorizationPolicy', { action: 'DENY', rules: from({ notPrincipals: ['*'] }) }],
  ['AuthorizationPolicy', { action: 'DENY', rules: to({ ports: ['9999'] }) }],
  ['AuthorizationPolicy', { action: 'DENY', rules: to({ methods: ['DELETE'] }) }],
  ['AuthorizationPolicy', { action: 'AUDIT', rules: [{}] }],
  ['AuthorizationPolicy', { action: 'CUSTOM', provider: { name: 'asked' }, rules: to({ paths: ['/v1/*'] }) }],
  [
    'RequestAuthentication',
    { jwtRules: [{ issuer: 'https://issuer.example', jwksUri: 'https://issuer.example/keys' }] },
  ],
  ['PeerAuthentication', { mtls: { mode: 'STRICT' } }],
  ['PeerAuthentication', { mtls: { mode: 'PERMISSIVE' } }],
  ['PeerAuthentication', { mtls: { mode: 'DISABLE' } }],
  ['PeerAuthentication', { mtls: { mode: 'STRICT' }, portLevelMtls: { 8080: { mode: 'PERMISSIVE' } } }],
  ['PeerAuthentication', { portLevelMtls: { 8080: { mode: 'STRICT' } } }],
];

/** A mode of single ports needs a selector. */
function withoutPorts({ portLevelMtls, ...spec }: Readonly<Record<string, unknown>>): object {
  return portLevelMtls === undefined ? spec : { mtls: { mode: 'STRICT' }, ...spec };
}

function destinationRules(mesh: SmallMesh): fc.Arbitrary<Unnamed> {
  const places = fc.constantFrom(...mesh.namespaces.map(({ name }) => name), 'istio-system');
  const modes = fc.constantFrom('DISABLE', 'ISTIO_MUTUAL');
  return fc.tuple(places, fc.constantFrom(...servicesOf(mesh)), modes).map(([namespace, service, mode]) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { namespace },
    spec: { host: `${service.name}.${service.namespace}.svc.cluster.local`, trafficPolicy: { tls: { mode } } },
  }));
}

/** One more Service for the pods of another: with a virtual IP or without, or without a selector. */
function moreServices(mesh: SmallMesh): fc.Arbitrary<Unnamed> {
  const forms = fc.constantFrom({}, { clusterIP: 'None' });
  const ports = fc.constantFrom(
    { name: 'http', port: 8080, targetPort: 8080 },
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'tcp', port: 5432, targetPort: 5432 },
    { name: 'any', port: 8080, targetPort: 8080 },
  );
  const labels = fc.constantFrom({}, { 'istio.io/use-waypoint': 'none' }, { 'istio.io/use-waypoint': 'waypoint' });
  const selected = fc.boolean();
  return fc
    .tuple(fc.constantFrom(...servicesOf(mesh)), forms, ports, labels, selected)
    .map(([{ name, namespace }, form, port, marks, isSelected]) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace, labels: marks },
      spec: { ...form, ...(isSelected && { selector: { app: name } }), ports: [port] },
    }));
}

function servicesOf({ namespaces }: SmallMesh): ReadonlyArray<{ readonly name: string; readonly namespace: string }> {
  return namespaces.flatMap(({ name: namespace, services }) => services.map(({ name }) => ({ name, namespace })));
}
