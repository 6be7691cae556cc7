import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rangeOf } from '../src/diagnostics/position.js';
import { printManifest } from '../src/emit/print-yaml.js';
import { compile, verify } from '../src/pipeline.js';
import { diagnosticsToText } from '../src/report/human.js';
import { admit } from './support/admission.js';
import { type Case, expectedPlaces, filesBelow, goldenCases } from './support/cases.js';
import { sharedDirectory } from './support/shared.js';

// Workers do not see vitest's own flags; `npm run golden:update` is the one way to update.
const update = process.env.npm_lifecycle_event === 'golden:update';

describe.each(goldenCases())('$name', (golden) => {
  const result = compile(golden.sources, golden.options);

  it('reports what the case expects, where the sources say so', () => {
    const reported = result.diagnostics.map(({ code }) => code).filter((code) => code !== 'AMB2036');
    expect([...new Set(reported)].sort()).toEqual([...new Set(golden.expect)].sort());
    const places = result.diagnostics.flatMap(({ code, span }) =>
      span ? [`${span.file.path}:${rangeOf(span).start.line} ${code}`] : [],
    );
    expect(places).toEqual(expect.arrayContaining(expectedPlaces(golden.sources)));
  });

  it('matches every expected file, and leaves none over', async () => {
    const outputs = outputsOf(golden, result);
    for (const [path, text] of outputs)
      await expect(text).toMatchFileSnapshot(join(golden.directory, 'expected', path));
    const stale = filesBelow(join(golden.directory, 'expected')).filter(
      (path) => !outputs.has(relative(join(golden.directory, 'expected'), path)),
    );
    if (update) for (const path of stale) rmSync(path);
    else expect(stale).toEqual([]);
  });

  it('does not depend on the order of its sources', () => {
    const again = compile([...golden.sources].reverse(), golden.options);
    expect(again.files).toEqual(result.files);
    expect(again.diagnostics.map(({ message }) => message).sort()).toEqual(
      result.diagnostics.map(({ message }) => message).sort(),
    );
  });

  it('prints text that both parsers read as the objects', () => {
    for (const manifest of result.manifests) {
      const text = printManifest(manifest);
      expect(load(text)).toEqual(manifest.object);
      expect(parse(text)).toEqual(manifest.object);
      expect(parse(text, { version: '1.1' })).toEqual(manifest.object);
    }
  });

  it.skipIf(!existsSync(sharedDirectory))('emits objects that an API server admits', () => {
    // These are the CRDs of the standard channel.
    const isKnown = ({ cluster, object }: (typeof result.manifests)[number]) =>
      object.kind !== 'HTTPRoute' || settingsOf(result, cluster)?.gatewayApi.channel === 'standard';
    const whole = result.manifests.filter((manifest) => manifest.phase !== '30-enrolment' && isKnown(manifest));
    // What Istio 1.31 has brought is not in the CRDs of a release before.
    const isOlder = (cluster: string) => settingsOf(result, cluster)?.istio.version !== '1.31';
    const refusals = whole.flatMap(({ cluster, object }) => [
      ...(isOlder(cluster) ? admit(object, 'istio-1.29+gateway-1.4') : []),
      // Nor is there what was not stable yet.
      ...(object.apiVersion.endsWith('/v1alpha2') ? [] : admit(object, 'istio-1.31+gateway-1.6')),
    ]);
    expect(refusals).toEqual([]);
  });
});

function settingsOf({ topology }: ReturnType<typeof compile>, cluster: string) {
  return topology?.clusters.find(({ name }) => name === cluster)?.settings;
}

describe.each(goldenCases('verify'))('$name', (golden) => {
  const { diagnostics } = verify(golden.sources, { today: golden.options.today, applied: golden.applied });

  it('reports what the case expects, where the sources say so', () => {
    const reported = diagnostics.map(({ code }) => code);
    expect([...new Set(reported)].sort()).toEqual([...new Set(golden.expect)].sort());
    const places = diagnostics.flatMap(({ code, span }) =>
      span ? [`${span.file.path}:${rangeOf(span).start.line} ${code}`] : [],
    );
    expect(places).toEqual(expect.arrayContaining(expectedPlaces(golden.sources)));
  });

  it('tells it as expected', async () => {
    const told = diagnosticsToText(diagnostics, { colourLevel: 0, displayPath: (path) => path });
    await expect(told).toMatchFileSnapshot(join(golden.directory, 'expected', 'diagnostics.txt'));
  });
});

function outputsOf(golden: Case, { files, diagnostics }: ReturnType<typeof compile>): Map<string, string> {
  const told = diagnosticsToText(diagnostics, { colourLevel: 0, displayPath: (path) => path });
  const entries: Array<[string, string]> = files.map(({ path, text }) => [join('manifests', path), text]);
  return new Map([...(golden.expect.length > 0 ? [['diagnostics.txt', told] as [string, string]] : []), ...entries]);
}
