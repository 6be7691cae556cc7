import { fc } from '../fast-check.js';
import { gatewayReference, type SmallMesh, type SmallNamespace } from './mesh.js';

/** A SecuritySettings document, as the language writes it. */
export interface SecuritySettings {
  readonly apiVersion: 'ambit.dev/v1alpha1';
  readonly kind: 'SecuritySettings';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly scope: { readonly namespace: string };
    readonly mtls: { readonly mode: 'Strict' | 'Permissive' };
    readonly authorization: Authorization;
  };
}

interface Authorization {
  readonly default: 'Allow' | 'Deny';
  readonly allow?: readonly Rule[];
  readonly deny?: readonly Rule[];
}

export interface Rule {
  readonly name: string;
  readonly from?: readonly Caller[];
  readonly to?: readonly Target[];
}

export type Caller = 'anyone' | 'anyAuthenticated' | Readonly<Record<string, string | readonly string[]>>;

export interface Target {
  readonly service: string;
  readonly port?: string;
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

/** Settings for some of the mesh's namespaces, at most one each. */
export function securitySettings(mesh: SmallMesh): fc.Arbitrary<readonly SecuritySettings[]> {
  return fc
    .subarray([...mesh.namespaces], { minLength: 1 })
    .chain((namespaces) => fc.tuple(...namespaces.map((namespace) => settingsFor(namespace, mesh))));
}

function settingsFor(namespace: SmallNamespace, mesh: SmallMesh): fc.Arbitrary<SecuritySettings> {
  return fc
    .record({
      mode: fc.constantFrom('Strict' as const, 'Permissive' as const),
      default: fc.constantFrom('Allow' as const, 'Deny' as const, 'Deny' as const),
      allow: rules('allow', namespace, mesh),
      deny: rules('deny', namespace, mesh),
    })
    .map(({ mode, default: byDefault, allow, deny }) => ({
      apiVersion: 'ambit.dev/v1alpha1',
      kind: 'SecuritySettings',
      metadata: { name: namespace.name },
      spec: {
        scope: { namespace: namespace.name },
        mtls: { mode },
        authorization: {
          default: byDefault,
          // An absent list, never an empty one: the language refuses those.
          ...(allow.length > 0 && { allow }),
          ...(deny.length > 0 && { deny }),
        },
      },
    }));
}

function rules(verb: string, namespace: SmallNamespace, mesh: SmallMesh): fc.Arbitrary<readonly Rule[]> {
  const body = fc.record(
    {
      from: fc.array(caller(mesh), { minLength: 1, maxLength: 2 }),
      to: fc.array(target(namespace), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['to'] },
  );
  return fc
    .array(body, { maxLength: 3 })
    .map((bodies) => bodies.map((one, index) => ({ name: `${verb}-${index + 1}`, ...one })));
}

export function caller({ namespaces }: SmallMesh): fc.Arbitrary<Caller> {
  const services = namespaces.flatMap(({ name, services: own }) => own.map((service) => `${name}/${service.name}`));
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...services).map((service) => ({ service })) },
    { weight: 2, arbitrary: fc.constantFrom(...services).map((serviceAccount) => ({ serviceAccount })) },
    { weight: 1, arbitrary: fc.constantFrom(...namespaces).map(({ name }) => ({ namespace: name })) },
    { weight: 1, arbitrary: fc.constant({ gateway: gatewayReference }) },
    { weight: 1, arbitrary: fc.constantFrom('anyone' as const, 'anyAuthenticated' as const) },
    { weight: 1, arbitrary: fc.constant({ ipBlocks: ['203.0.113.0/24'] }) },
  );
}

function target({ services }: SmallNamespace): fc.Arbitrary<Target> {
  return fc.constantFrom(...services).chain((service) =>
    fc.constantFrom(undefined, ...service.ports).chain((port) => {
      const base = { service: service.name, ...(port !== undefined && { port: port.name }) };
      return port?.name === 'http' ? requests().map((match) => ({ ...base, ...match })) : fc.constant(base);
    }),
  );
}

function requests(): fc.Arbitrary<Pick<Target, 'methods' | 'paths'>> {
  return fc.record(
    {
      methods: fc.subarray(['GET', 'POST', 'DELETE'], { minLength: 1 }),
      paths: fc.subarray(['/', '/v1/items', '/v1/*', '*/report'], { minLength: 1 }),
    },
    { requiredKeys: [] },
  );
}
