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
