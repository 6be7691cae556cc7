import { expect, it } from 'vitest';
import { withKustomizations } from '../../src/cli/project/kustomization.js';

it('lists in each directory what lies in it, and leaves the root to the reader', () => {
  const files = [
    { path: 'west/20-policies/b.yaml', text: 'b\n' },
    { path: 'east/20-policies/b.yaml', text: 'b\n' },
    { path: 'east/10-infrastructure/a.yaml', text: 'a\n' },
    { path: 'east/20-policies/a.yaml', text: 'a\n' },
  ];
  const tree = Object.fromEntries(withKustomizations(files).map(({ path, text }) => [path, text]));
  const start = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n';
  expect(tree).toEqual({
    'east/10-infrastructure/a.yaml': 'a\n',
    'east/10-infrastructure/kustomization.yaml': `${start}- a.yaml\n`,
    'east/20-policies/a.yaml': 'a\n',
    'east/20-policies/b.yaml': 'b\n',
    'east/20-policies/kustomization.yaml': `${start}- a.yaml\n- b.yaml\n`,
    'east/kustomization.yaml': `${start}- 10-infrastructure\n- 20-policies\n`,
    'west/20-policies/b.yaml': 'b\n',
    'west/20-policies/kustomization.yaml': `${start}- b.yaml\n`,
    'west/kustomization.yaml': `${start}- 20-policies\n`,
  });
});

const written = (paths: readonly string[]) =>
  new Map(withKustomizations(paths.map((path) => ({ path, text: '' }))).map(({ path, text }) => [path, text]));

const resourcesOf = (text: string | undefined) => text?.split('\n').filter((line) => line.startsWith('- '));

it('leaves guards out of what is applied at once where a waypoint or an enrolment has to come before them', () => {
  const policies = ['east/20-policies/a.yaml', 'east/40-guards/g.yaml'];
  for (const first of ['10-infrastructure/gateway.shop.waypoint.yaml', '30-enrolment/service.shop.till.yaml']) {
    const tree = written([`east/${first}`, ...policies, 'west/20-policies/a.yaml', 'west/40-guards/g.yaml']);
    expect(resourcesOf(tree.get('east/kustomization.yaml'))).not.toContain('- 40-guards');
    expect(tree.get('east/kustomization.yaml')).toMatch(/^# Without the guards: .*\napiVersion: /);
    expect(resourcesOf(tree.get('east/40-guards/kustomization.yaml'))).toEqual(['- g.yaml']);
    expect(resourcesOf(tree.get('west/kustomization.yaml'))).toEqual(['- 20-policies', '- 40-guards']);
  }
});

it('lists guards that wait for nothing: of defaults alone, or beside Services of versions', () => {
  const tree = written(['east/10-infrastructure/service.shop.till-stable.yaml', 'east/40-guards/g.yaml']);
  expect(resourcesOf(tree.get('east/kustomization.yaml'))).toEqual(['- 10-infrastructure', '- 40-guards']);
});

it('offers enrolment as a component alone', () => {
  const tree = written(['east/20-policies/a.yaml', 'east/30-enrolment/service.shop.till.yaml']);
  expect(resourcesOf(tree.get('east/kustomization.yaml'))).toEqual(['- 20-policies']);
  expect(tree.get('east/30-enrolment/kustomization.yaml')).toContain('kind: Component\npatches:\n- path: service');
});
