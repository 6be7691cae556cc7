import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Manifest } from '../../src/emit/manifest.js';
import { printManifest } from '../../src/emit/print-yaml.js';
import { admit, type Bundle } from '../support/admission.js';
import { fc } from '../support/fast-check.js';
import { compileSources, errorsOf, projectSources } from '../support/property-projects.js';
import { describeWithShared } from '../support/shared.js';

const bundles: readonly Bundle[] = ['istio-1.29+gateway-1.4', 'istio-1.31+gateway-1.6'];

it('every object reads back as itself, whoever reads it', () => {
  fc.assert(
    fc.property(projectSources, (sources) => {
      for (const manifest of compileSources(sources).manifests) {
        const text = printManifest(manifest);
        expect(load(text)).toEqual(manifest.object);
        expect(parse(text, { version: '1.2' })).toEqual(manifest.object);
        expect(parse(text, { version: '1.1' })).toEqual(manifest.object);
      }
    }),
    { numRuns: 100 },
  );
});

it('there is one file an object, each with a path of its own, and none beside an error', () => {
  fc.assert(
    fc.property(projectSources, (sources) => {
      const result = compileSources(sources);
      const wanted = errorsOf(result).length > 0 ? 0 : result.manifests.length;
      expect(new Set(result.files.map(({ path }) => path)).size).toBe(wanted);
      expect(result.files).toHaveLength(wanted);
    }),
    { numRuns: 100 },
  );
});

/** TCPRoute is written from Istio 1.31 on, with whose Gateway API it comes to the standard channel. */
function bundlesOf({ kind }: Manifest['object']): readonly Bundle[] {
  return kind === 'TCPRoute' ? ['istio-1.31+gateway-1.6'] : bundles;
}

describeWithShared('an API server', () => {
  it('admits every object', () => {
    fc.assert(
      fc.property(projectSources, (sources) => {
        // What enrolls a Service is a patch, and no Service.
        const whole = compileSources(sources).manifests.filter(({ phase }) => phase !== '30-enrolment');
        const refusals = whole.flatMap(({ object }) => bundlesOf(object).flatMap((bundle) => admit(object, bundle)));
        expect(refusals).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
