import { fc } from '../fast-check.js';
import { gatewayReference, type SmallMesh } from './mesh.js';
import { caller, type Rule, type SecuritySettings, type Target } from './settings.js';

/** What a project says besides plain rules; each project has one or two, so that most of them can be enforced. */
export const constructs = [
  'callers',
  'exceptions',
  'tokens',
  'authorizer',
  'plaintext',
  'modes',
  'gateway',
  'egress',
  'stages',
] as const;

export type Construct = (typeof constructs)[number];

type Authorization = SecuritySettings['spec']['authorization'];

/** Rules of one document with what the constructs add to each. */
export function withConstructs(
  { default: byDefault, allow, deny }: Authorization,
  chosen: ReadonlySet<Construct>,
  mesh: SmallMesh,
): fc.Arbitrary<object> {
  return fc.tuple(changed(allow ?? [], chosen, mesh), changed(deny ?? [], chosen, mesh)).map(([allowed, denied]) => ({
    default: byDefault,
    // Under an open default they would be refused.
    ...(allowed.length > 0 && byDefault === 'Deny' && { allow: allowed }),
    ...(denied.length > 0 && { deny: denied }),
  }));
}

function changed(rules: readonly Rule[], chosen: ReadonlySet<Construct>, mesh: SmallMesh): fc.Arbitrary<object[]> {
  return fc.tuple(...rules.map((rule) => changedRule(rule, chosen, mesh)));
}

function changedRule(rule: Rule, chosen: ReadonlySet<Construct>, mesh: SmallMesh): fc.Arbitrary<object> {
  const to = chosen.has('tokens') ? rule.to?.map((target) => asRequests(target, mesh)) : rule.to;
  const isOfRequests = to?.every(({ port }) => port === 'http') ?? false;
  const often = <T>(construct: Construct, arbitrary: fc.Arbitrary<T>) =>
    chosen.has(construct) ? fc.option(arbitrary, { freq: 3, nil: undefined }) : fc.constant(undefined);
  return fc
    .record({
      callers: often('callers', fc.array(wideCaller(mesh), { minLength: 1, maxLength: 2 })),
      nameless: chosen.has('plaintext')
        ? fc.constantFrom<unknown[]>(['anyone'], ['unauthenticated'], [{ ipBlocks: ['203.0.113.0/24'] }])
        : fc.constant(undefined),
      except: often('exceptions', fc.array(exception, { minLength: 1, maxLength: 2 })),
      token: isOfRequests ? often('tokens', token) : fc.constant(undefined),
    })
    .map(({ callers, nameless, except, token }) => ({
      ...rule,
      ...(to && { to }),
      ...((nameless ?? callers) && { from: nameless ?? callers }),
      ...(token !== undefined && { token }),
      ...(except !== undefined && {
        to: to?.map((target) => (target.port === 'http' ? { ...target, except } : target)),
      }),
    }));
}

/** Tokens stand in requests: a target is cut down to the port that carries them, where there is one. */
function asRequests(target: Target, { namespaces }: SmallMesh): Target {
  const services = namespaces.flatMap(({ services }) => services.filter(({ name }) => name === target.service));
  return services.every(({ ports }) => ports.some(({ name }) => name === 'http'))
    ? { ...target, port: 'http' }
    : target;
}

/** Callers that are named by more than one identity, less some of them. */
function wideCaller(mesh: SmallMesh): fc.Arbitrary<unknown> {
  const names = fc.constantFrom(...mesh.namespaces.map(({ name }) => name));
  const excepted = fc.array(
    fc.oneof(
      names.map((namespace) => ({ namespace })),
      servicesIn(mesh).map((service) => ({ serviceAccount: service })),
      fc.constant({ group: 'friends' }),
    ),
    { minLength: 1, maxLength: 2 },
  );
  return fc.oneof(
    fc.constant('unauthenticated'),
    fc.constant({ group: 'friends' }),
    fc.constantFrom('sh*', '*s', 'pay*', '*-dev').map((namespaces) => ({ namespaces })),
    excepted.map((except) => ({ anyAuthenticated: true, except })),
    fc
      .tuple(names, servicesIn(mesh))
      .map(([namespace, serviceAccount]) => ({ namespace, except: [{ serviceAccount }] })),
    fc.constant({ ipBlocks: ['203.0.113.0/24'], except: [{ ipBlocks: ['203.0.113.128/25'] }] }),
  );
}

function servicesIn({ namespaces }: SmallMesh): fc.Arbitrary<string> {
  const names = namespaces.flatMap(({ name, services }) => services.map((service) => `${name}/${service.name}`));
  return fc.constantFrom(...names);
}

/** Whom the group of every project holds; a group has another one among its members. */
export function callerGroups(mesh: SmallMesh): fc.Arbitrary<readonly object[]> {
  return fc.tuple(servicesIn(mesh), caller(mesh)).map(([serviceAccount, other]) => {
    const isNamed = typeof other === 'object' && !('ipBlocks' in other);
    const members = [{ serviceAccount }, { group: 'others' }];
    return [
      { kind: 'CallerGroup', metadata: { name: 'friends' }, spec: { members } },
      {
        kind: 'CallerGroup',
        metadata: { name: 'others' },
        spec: { members: [isNamed ? other : { gateway: gatewayReference }] },
      },
    ];
  });
}

export const exception: fc.Arbitrary<object> = fc.oneof(
  fc.subarray(['GET', 'POST', 'DELETE'], { minLength: 1, maxLength: 2 }).map((methods) => ({ methods })),
  fc.subarray(['/v1/items', '/v1/*', '*/report'], { minLength: 1 }).map((paths) => ({ paths })),
  fc.constantFrom({ 'x-env': ['blue'] }, { 'x-env': ['*'] }, { 'x-env': ['b*'] }).map((headers) => ({ headers })),
  fc.constant({ hosts: ['*.example.com'] }),
  fc.constant({ methods: ['DELETE'], paths: ['/v1/*'] }),
);

export const token: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>('Required', 'Required', 'Absent'),
  fc.constant({ issuer: 'corp' }),
  fc.constant({ issuer: 'partner', subjects: ['robot', 'admin*'] }),
  fc.constant({ claims: { scope: ['read', 'write'] } }),
  fc.constant({ issuer: 'corp', claims: { realm: { roles: ['customer'] } } }),
  fc.constant({ issuer: 'corp', audiences: ['shop'], presenters: ['web'] }),
  fc.constantFrom(
    { except: [{ issuer: 'partner' }] },
    { issuer: 'corp', except: [{ claims: { scope: ['write'] } }, { subjects: ['robot'] }] },
    { except: [{ issuer: 'corp', claims: { realm: { roles: ['trainee'] } } }] },
    { claims: { scope: ['read'] }, except: [{ presenters: ['web'], audiences: ['shop'] }] },
  ),
);
