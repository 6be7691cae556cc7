import { describe, expect, it } from 'vitest';
import type { Target } from '../../src/migrate/states/labels-of-state.js';
import { statusOf } from '../../src/migrate/status/status.js';
import type { Source } from '../../src/pipeline.js';
import { statusToText } from '../../src/report/migration/status-text.js';
import { ambientNamespace, atWaypoint, beside, bound, guard, intents, mesh, running, waypoint } from './dump.js';

function statusIn(...dump: readonly string[]) {
  return judged('ambient', [{ path: 'intents.yaml', text: intents }], dump);
}

function judged(target: Target, said: readonly Source[], dump: readonly string[]) {
  const given = [{ path: 'mesh.yaml', text: mesh }, ...said, { path: 'dump.yaml', text: dump.join('') }];
  const { value, diagnostics } = statusOf(given, { target, today: '2026-06-01' });
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { ...value, diagnostics, text: statusToText(value) };
}

describe('the status of a dump', () => {
  it('is told of a namespace that is being restarted, callers first', () => {
    const { text, findings } = statusIn(
      ambientNamespace,
      running('web', 'ambient'),
      running('api', 'sidecar', bound),
      waypoint,
      beside,
      guard,
    );
    expect(findings.map(({ message }) => message)).toEqual([]);
    expect(text).toBe(`shop: being restarted (1 of 2 workloads on ambient)
  to do: restart Deployment \`api\`
  safe to go on
  safe to go back
now: nothing is otherwise than the intents
`);
  });

  it('names the request where callers were left for last', () => {
    const { text } = statusIn(
      ambientNamespace,
      running('web', 'sidecar'),
      running('api', 'ambient', bound),
      waypoint,
      beside,
      guard,
    );
    expect(text).toContain('to do: restart Deployment `web`');
    expect(text).toContain('safe to go on');
    expect(text).toMatch(/now: \d+ findings? against the intents/);
  });

  it('says that a label leads to no waypoint, and what going on would open', () => {
    const { text } = statusIn(ambientNamespace, running('web', 'ambient'), running('api', 'sidecar', bound), beside);
    expect(text).toContain('waypoint `shop/waypoint` does not serve: calls go straight to pods');
    expect(text).toMatch(/not safe to go on: \d+ finding/);
  });

  it('lists what is left to delete once everything has moved', () => {
    const { text } = statusIn(
      ambientNamespace,
      running('web', 'ambient'),
      running('api', 'ambient', bound),
      waypoint,
      beside,
      guard,
    );
    expect(text).toContain('shop: moved, and old objects are left (2 of 2 workloads on ambient)');
    expect(text).toContain('to do: delete AuthorizationPolicy `api-allow-until-moved`');
  });

  it('is not done while policies are for Services that no waypoint is asked for', () => {
    const { text } = statusIn(
      ambientNamespace,
      running('web', 'ambient'),
      running('api', 'ambient'),
      waypoint,
      atWaypoint,
    );
    expect(text).toContain(
      'shop: moved, and policies wait for waypoints (2 of 2 workloads on ambient)\n  to do: bind its Services to `shop/waypoint`\n',
    );
    expect(text).not.toContain('to go on');
    const none = statusIn(ambientNamespace, running('web', 'ambient'), running('api', 'ambient'), atWaypoint, guard);
    expect(none.text).toContain('to do: bring up the waypoints that its policies are for\n');
    expect(none.text).toMatch(/now: \d+ findings against the intents/);
  });

  it('says what a dump without some kinds cannot tell', () => {
    const { diagnostics } = statusIn(ambientNamespace, running('web', 'ambient'), running('api', 'ambient'));
    const lacking = diagnostics.filter(({ name }) => name === 'migration-dump-lacks');
    expect(lacking.map(({ parameters }) => parameters.kind)).toEqual(['AuthorizationPolicy', 'Gateway']);
  });

  it('warns of two tools that write one object', () => {
    const managed = ambientNamespace.replace(
      'name: shop,',
      'name: shop, managedFields: [{ manager: argocd-controller }, { manager: kubectl-label }, { manager: helm }],',
    );
    const { diagnostics } = statusIn(managed, running('web', 'ambient'), running('api', 'ambient'));
    expect(diagnostics.filter(({ name }) => name === 'migration-two-tools').map(({ message }) => message)).toEqual([
      'Namespace `shop` is written by argocd-controller and helm: each may take back what the other does',
    ]);
  });
});

const injected = ambientNamespace.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled');
const pods = (plane: 'sidecar' | 'ambient', service = '') => [running('web', plane), running('api', plane, service)];

/** What lets the storefront in while pods have sidecars, under its own name or as the copy of it. */
const atPods = (name: string) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }], to: [{ operation: { methods: [GET], ports: ["8080"] } }] }]
`;
const copy = atPods('api-allow-until-moved');

describe('what comes next', () => {
  it('is said in which order, where several workloads are to be restarted', () => {
    const { text } = statusIn(ambientNamespace, ...pods('sidecar', bound), waypoint, beside, guard);
    expect(text).toContain('to do: restart Deployment `api`, Deployment `web`, callers before those whom they call\n');
  });

  it('is the policies for the other plane while copies are the same as what they are copies of', () => {
    const { text } = statusIn(injected, ...pods('sidecar'), waypoint, atPods('api-allow'), copy);
    expect(text).toContain('shop: copies stand beside its policies (0 of 2 workloads on ambient)');
    expect(text).toContain(
      'to do: apply its policies for ambient beside the copies, those for waypoints before these come up\n',
    );
  });

  it('is the same of a denial, of which the copy also excepts waypoints', () => {
    const denial = (name: string, exceptions: string) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: shop }
spec:
  action: DENY
  selector: { matchLabels: { app: api } }
  rules: [{ ${exceptions}to: [{ operation: { methods: [DELETE] } }] }]
`;
    const except = 'from: [{ source: { notPrincipals: [cluster.local/ns/shop/sa/waypoint] } }], ';
    const copied = denial('api-deny-until-moved', except);
    const standingWith = (original: string) =>
      statusIn(injected, ...pods('sidecar'), waypoint, original, copied).namespaces.map(({ standing }) => standing);
    expect(standingWith(denial('api-deny', ''))).toEqual(['copies stand beside its policies']);
    expect(standingWith(denial('api-deny', '').replace('DELETE', 'GET'))).toEqual(['policies stand side by side']);
  });

  it('is a binding also where the waypoint that admits the namespace is in another one', () => {
    const shared = waypoint
      .replace('namespace: shop', 'namespace: shared')
      .replace('protocol: HBONE', 'protocol: HBONE, allowedRoutes: { namespaces: { from: All } }');
    const letIn = guard.replace('ns/shop/sa/waypoint', 'ns/shared/sa/waypoint');
    const { text } = statusIn(injected, ...pods('sidecar'), shared, copy, atWaypoint, letIn);
    expect(text).toContain('shop: policies stand side by side');
    expect(text).toContain('to do: bind its Services to `shared/waypoint`\n');
  });

  it('is a waypoint once its policies stand, and that it is let in once it is there', () => {
    const standing = [injected, ...pods('sidecar'), copy, atWaypoint];
    expect(statusIn(...standing).text).toContain('to do: bring up the waypoints that its policies are for\n');
    const { text } = statusIn(...standing, waypoint);
    expect(text).toContain('shop: waypoints are up');
    expect(text).toContain('to do: let waypoints in at its pods, where policies allow only others there, and bind its');
  });

  it('is a label where pods would come back as they were', () => {
    const { text } = statusIn(injected, running('web', 'ambient'), running('api', 'sidecar', bound), waypoint, beside);
    expect(text).toContain(
      'to do: label it for ambient, or the templates of what is to move: Deployment `api` would come back as before\n',
    );
    expect(text).not.toContain('to do: restart');
  });

  it('is to take off the label that asks for sidecars beside the one for ambient', () => {
    const torn = injected.replace(
      'istio-injection: enabled',
      'istio-injection: enabled, istio.io/dataplane-mode: ambient',
    );
    const { text } = statusIn(torn, running('web', 'ambient'), running('api', 'sidecar', bound), waypoint, beside);
    expect(text).toContain('to do: its labels ask for sidecars too: take the injection label off\n');
    expect(text).toContain('to do: before that restart none of Deployment `api`, which would come back as before\n');
    expect(text).not.toContain('label it for ambient');
  });

  it('is not a restart while nothing stands for ambient', () => {
    const { text } = statusIn(
      ambientNamespace,
      running('web', 'ambient'),
      running('api', 'sidecar'),
      atPods('api-allow'),
    );
    expect(text).toContain(
      'to do: apply its policies for ambient and bind its Services to waypoints before more is restarted\n',
    );
    expect(text).toMatch(/not safe to go on: \d+ finding/);
  });

  it('is to delete a waypoint that nothing asks for, once everything has sidecars', () => {
    const left = judged('sidecar', [], [injected, ...pods('sidecar'), waypoint, copy]);
    expect(left.text).toContain('to do: delete AuthorizationPolicy `api-allow-until-moved`, Gateway `waypoint`\n');
    const bindings = judged('sidecar', [], [injected, ...pods('sidecar', bound), waypoint]);
    expect(bindings.text).toContain('to do: take `istio.io/use-waypoint` off Service `api`\n');
    expect(bindings.text).not.toContain('Gateway');
  });
});

it('a rule at a waypoint whose callers have sidecars yet is no finding while a copy decides at the pods', () => {
  const dump = [ambientNamespace, running('web', 'sidecar'), running('api', 'ambient', bound), waypoint];
  const codes = (...policies: readonly string[]) =>
    judged('ambient', [], [...dump, ...policies]).findings.map(({ code }) => code);
  expect(codes(atWaypoint)).toContain('AMB5344');
  expect(codes(beside)).not.toContain('AMB5344');
});
