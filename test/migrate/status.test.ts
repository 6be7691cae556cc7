import { describe, expect, it } from 'vitest';
import { statusOf } from '../../src/migrate/status/status.js';
import { statusToText } from '../../src/report/migration/status-text.js';
import { ambientNamespace, beside, bound, guard, intents, mesh, running, waypoint } from './dump.js';

function statusIn(...dump: readonly string[]) {
  const { value, diagnostics } = statusOf(
    [
      { path: 'mesh.yaml', text: mesh },
      { path: 'intents.yaml', text: intents },
      { path: 'dump.yaml', text: dump.join('') },
    ],
    { target: 'ambient', today: '2026-06-01' },
  );
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
