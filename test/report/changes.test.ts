import { describe, expect, it } from 'vitest';
import { changesBetween, changesToText, effectsOf } from '../../src/report/changes.js';
import { plainPage, unwrapped } from '../support/page.js';

const policy = (name: string, spec: string) =>
  `kind: AuthorizationPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
const label = (waypoint: string) =>
  `kind: Service\nmetadata: { name: web, namespace: shop, labels: { istio.io/use-waypoint: ${waypoint} } }\n`;
const gateway = 'kind: Gateway\nmetadata: { name: way, namespace: shop }\nspec: { gatewayClassName: istio-waypoint }\n';

type Files = Readonly<Record<string, string>>;

/** The written files carry no objects here, as kustomizations do: their texts are read. */
const changes = (before: Files, after: Files) =>
  changesBetween(
    new Map(Object.entries(before)),
    Object.entries(after).map(([path, text]) => ({ path: `${path}`, text })),
    () => undefined,
  );

const told = (before: Files, after: Files, columns = 80) => {
  const found = changes(before, after);
  const effects = effectsOf(found.objects, 'istio-system');
  return changesToText({ directory: 'deploy', ...found, effects, writing: undefined }, { ...plainPage, columns });
};

const path = (phase: string, name: string) => `east/${phase}/${name}.yaml`;

describe('what becomes of each object', () => {
  it('is known by its content, not by its comments', () => {
    const of = (before: string, after: string) =>
      changes({ 'east/20-policies/a.yaml': before }, { 'east/20-policies/a.yaml': after }).objects;
    expect(of(policy('a', '{}'), `# moved\n${policy('a', '{}')}`)).toMatchObject([{ change: 'annotated' }]);
    expect(of(policy('a', '{}'), policy('a', '{ action: DENY }'))).toMatchObject([{ change: 'changed' }]);
    expect(of(policy('a', '{}'), policy('a', '{}'))).toEqual([]);
  });

  it('is known where nobody can read what lay there', () => {
    const broken = { 'east/20-policies/a.yaml': '{' };
    expect(changes(broken, { 'east/20-policies/a.yaml': policy('a', '{}') }).objects).toMatchObject([
      { change: 'changed' },
    ]);
    expect(changes(broken, {}).objects).toMatchObject([
      { change: 'removed', cluster: 'east', name: '20-policies/a.yaml' },
    ]);
  });
});

describe('for a person', () => {
  const before = {
    [path('20-policies', 'a')]: policy('a', '{ rules: [{}] }'),
    [path('20-policies', 'b')]: policy('b', '{ rules: [{}] }'),
    [path('40-guards', 'd')]: policy('default-deny', '{ action: ALLOW }'),
  };

  it('is one changed file where one file changes', () => {
    const after = { ...before, [path('20-policies', 'b')]: policy('b', '{ action: DENY, rules: [{}] }') };
    expect(told(before, after)).toBe(`\
cluster east
  shop
    ~ AuthorizationPolicy         b

wrote deploy: 1 changed, 2 unchanged
`);
    expect(told(before, before)).toBe('deploy is up to date: 3 unchanged\n');
  });

  it('names what comes, what goes, and what that does to the mesh', () => {
    const after = {
      [path('10-infrastructure', 'w')]: gateway,
      [path('20-policies', 'b')]: policy('b', '{ rules: [{}] }'),
      [path('30-enrolment', 'web')]: label('way'),
    };
    expect(told(before, after)).toBe(`\
cluster east
  shop
    - AuthorizationPolicies       a, default-deny
    + Gateway                     way
    + Service (labels)            web

in the mesh
  ! namespace shop: what no rule allows is no longer denied, in east
  + waypoint shop/way, in east
  + Service shop/web goes through waypoint shop/way, in east

wrote deploy: 2 added, 2 removed, 1 unchanged
`);
    expect(told(after, { ...after, [path('30-enrolment', 'web')]: label('other') })).toContain(
      '~ Service shop/web goes through waypoint shop/other from now on, in east',
    );
    expect(told(after, before)).toContain('- Service shop/web goes no longer through waypoint shop/way, in east');
  });

  it('says whose default turns', () => {
    const turned = (spec: string, namespace = 'shop') =>
      effectsOf(
        changes(
          {},
          { [path('40-guards', 'd')]: policy('d', spec).replace('namespace: shop', `namespace: ${namespace}`) },
        ).objects,
        'istio-system',
      ).map(({ kind, subject }) => `${kind}: ${subject}`);
    expect(turned('{}')).toEqual(['denies-by-default: namespace shop']);
    expect(turned('{}', 'istio-system')).toEqual(['denies-by-default: the whole mesh']);
    expect(turned('{ selector: { matchLabels: { app: web } } }')).toEqual([
      'denies-by-default: pods with app=web in namespace shop',
    ]);
    expect(turned('{ targetRefs: [{ kind: Service, name: web }] }')).toEqual(['denies-by-default: Service shop/web']);
    expect(turned('{ action: DENY }')).toEqual([]);
    expect(turned('{ rules: [{}] }')).toEqual([]);
  });

  it('says nothing of a default that is only watched', () => {
    const dryRun = policy('d', '{}').replace('{ name: d,', "{ name: d, annotations: { istio.io/dry-run: 'true' },");
    expect(dryRun).toContain('dry-run');
    expect(effectsOf(changes({}, { [path('20-policies', 'd')]: dryRun }).objects, 'istio-system')).toEqual([]);
  });

  it('fits a narrow terminal, and counts what is too much to list', () => {
    const many = (count: number, namespaces: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          path('20-policies', `p${index}`),
          policy(`policy-${index}`, '{ rules: [{}] }').replace('shop', `team-${index % namespaces}`),
        ]),
      );
    const narrow = told({}, many(30, 1), 60);
    expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(unwrapped(narrow)).toContain('and 18 more');
    const defaults = Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [
        path('40-guards', `d${index}`),
        policy('default-deny', '{}').replace('shop', `team-${index + 10}`),
      ]),
    );
    expect(unwrapped(told({}, defaults))).toContain(
      '! what no rule allows is denied in 15 scopes: namespace team-10, namespace team-11, ',
    );
    expect(told({}, many(200, 50))).toContain('cluster east\n  + 200 AuthorizationPolicies in 50 namespaces\n');
  });
});
