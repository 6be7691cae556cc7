import { Ajv } from 'ajv';
import { loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import schema from '../schemas/ambit.schema.json' with { type: 'json' };
import { admit } from './support/admission.js';
import { fc } from './support/fast-check.js';
import { securedSources } from './support/generate/secured.js';
import { variedSources } from './support/generate/varied.js';
import { smallProject } from './support/generate.js';
import { describeWithShared } from './support/shared.js';

it('generates documents that the language knows', () => {
  const isValid = new Ajv({ strict: false, allErrors: true }).compile(schema);
  fc.assert(
    fc.property(smallProject, ({ meshText, intentsText, settings }) => {
      const documents = loadAll(`${meshText}---\n${intentsText}`);
      expect(documents).toHaveLength(settings.length + 1);
      for (const document of documents) expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
    }),
  );
});

it('reaches every plane and every kind of rule', () => {
  const samples = fc.sample(smallProject, { seed: 1, numRuns: 200 });
  const texts = samples.map((project) => project.manifestsText + project.intentsText).join('\n');
  for (const word of [
    'dataplane-mode: ambient',
    'istio-injection',
    'istio-waypoint',
    'methods:',
    'deny:',
    'gateway:',
    'anyone',
  ]) {
    expect(texts).toContain(word);
  }
});

it('reaches what somebody may have deployed before', () => {
  const samples = fc.sample(variedSources, { seed: 1, numRuns: 400 });
  const texts = samples.flatMap((sources) => sources.map(({ text }) => text)).join('\n');
  for (const word of [
    'kind: RequestAuthentication',
    'kind: PeerAuthentication',
    'kind: DestinationRule',
    'action: CUSTOM',
    'action: AUDIT',
    'istio.io/dry-run',
    'istio.io/rev: canary',
    'portLevelMtls',
    'principals:',
    'clusterIP: None',
    'trustDomainAliases',
    "version: '1.28'",
    'name: west',
    'existingPolicies',
  ]) {
    expect(texts).toContain(word);
  }
});

it('reaches what settings say of security, in documents that the language knows', () => {
  const isValid = new Ajv({ strict: false, allErrors: true }).compile(schema);
  const samples = fc.sample(securedSources, { seed: 1, numRuns: 200 });
  const texts = samples.flatMap((sources) => sources.filter(({ cluster }) => cluster === undefined));
  for (const document of texts.flatMap(({ text }) => loadAll(text)))
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true);
  const all = texts.map(({ text }) => text).join('\n');
  for (const word of [
    'token:',
    'claims:',
    'except:',
    'group: friends',
    'namespaces: sh*',
    'provider: login',
    'mode: Disabled',
    'mode: Namespace',
    'gateway: ingress/public',
    'egress:',
    'stage: Shadow',
  ]) {
    expect(all).toContain(word);
  }
});

describeWithShared('the generated manifests', () => {
  it('are admitted', () => {
    fc.assert(
      fc.property(smallProject, ({ manifestsText }) => {
        for (const object of loadAll(manifestsText) as { kind: string }[]) {
          const known = ['Namespace', 'Service', 'Gateway'].includes(object.kind);
          if (known) expect(admit(object, 'istio-1.31+gateway-1.6')).toEqual([]);
        }
      }),
    );
  });
});
