import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { lintMesh } from '../../src/lint/lint-mesh.js';
import { objectsAfterApply } from '../../src/mesh/applied.js';
import { parseSources } from '../../src/parse/parse-sources.js';
import { compile } from '../../src/pipeline.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { type Case, filesBelow, goldenCases } from '../support/cases.js';
import { describeWithShared, sharedDirectory } from '../support/shared.js';

/** What compiles without a gap that somebody accepted, over manifests that were sound before. */
const sound = goldenCases().filter(({ sources, options }) => {
  if (sources.some(({ text }) => text.includes('accept:') || text.includes('kind: AuthorizationPolicy'))) return false;
  const { files, diagnostics } = compile(sources, options);
  return files.length > 0 && diagnostics.every(({ severity }) => severity !== 'error');
});

test('there are cases to look at', () => {
  expect(sound.length).toBeGreaterThan(20);
});

function lintApplied({ sources, options }: Case) {
  const { mesh, objects } = parseSources(sources).value;
  const applied = objectsAfterApply(objects, compile(sources, options).files);
  return lintMesh(buildTopology(mesh, applied.value).value).diagnostics;
}

/**
 * Of what the given manifests do to proxies, and of routes among them that nobody reads, the output is not the cause; that it
 * hides settings, and puts patches out of force, the compiler says in its own words.
 */
const otherwise: readonly Diagnostic['name'][] = [
  'proxy-setting-not-read',
  'route-ignored',
  'settings-hidden',
  'patch-unhooked',
];

/** What single cases have among their manifests, or say in words of their own. */
const shownBy: Readonly<Record<string, Diagnostic['name']>> = {
  // The compiler says of the intent what is said here of its policy.
  'diagnostics/AMB2162-allowed-and-denied': 'allow-rule-swallowed',
  'diagnostics/AMB3075-certificate-not-given': 'credential-unusable',
  'diagnostics/AMB3080-bytes-to-any-host': 'entry-without-address',
  'diagnostics/AMB5131-which-is-older': 'sidecars-collide',
  'diagnostics/AMB5158-routes-without-dates': 'host-with-two-owners',
  // Each Service of the pods has rules of its own, which are for nobody but its callers.
  'placement/audit-behind-waypoint': 'way-around-waypoint',
  // Nobody who is there calls from the namespace that knows the host and may not call it.
  'traffic/host-exported-to-callers': 'rule-never-matches',
  'placement/unauthenticated-callers': 'way-around-waypoint',
  'tokens/two-issuers-of-one-pod': 'policy-past-by-service',
  'traffic/host-without-wishes': 'registry-only-in-ambient',
};

function isOurs({ severity, name }: Diagnostic): boolean {
  return severity !== 'info' && !otherwise.includes(name);
}

test.each(sound)('what $name emits means what it says on every plane, or compiling says so', (golden) => {
  const told = new Set(compile(golden.sources, golden.options).diagnostics.map(({ message }) => message));
  expect(
    lintApplied(golden)
      .filter((found) => isOurs(found) && found.name !== shownBy[golden.name])
      .filter(({ message }) => !told.has(message))
      .map(({ code, message, witness }) => [code, message, witness]),
  ).toEqual([]);
});

test('a gap that somebody accepted is still there to see', () => {
  const accepted = goldenCases().filter(({ name }) => name === 'placement/sidecar-caller-accepted');
  expect(accepted.flatMap(lintApplied).map(({ name }) => name)).toEqual(['let-around-waypoint']);
});

describeWithShared('real manifests without policies', () => {
  test.each(['bookinfo', 'online-boutique'])('there is nothing to say of %s', (name) => {
    const paths = filesBelow(join(sharedDirectory, 'realworld', name)).filter((path) => path.endsWith('.yaml'));
    const sources = paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
    const { mesh, objects } = parseSources(sources).value;
    expect(objects.length).toBeGreaterThan(10);
    expect(lintMesh(buildTopology(mesh, objects).value).diagnostics).toEqual([]);
  });
});
