import { describe, expect, it } from 'vitest';
import { compile, verify } from '../../src/pipeline.js';
import { type Case, goldenCases } from '../support/cases.js';

function goldenCase(name: string): Case {
  const found = goldenCases().find((each) => each.name === `traffic/limits-through-service-${name}`);
  if (found === undefined) throw new Error(`there is no golden case ${name}`);
  return found;
}

interface Change {
  /** What is written otherwise in the output. */
  readonly output?: (text: string) => string;
  /** What is written otherwise in the Mesh document. */
  readonly mesh?: (text: string) => string;
  /** Manifests that are there besides. */
  readonly more?: string;
}

/** What is said of the output of a golden case in a mesh that is a little otherwise. */
function saidOf(
  name: string,
  { output = (text) => text, mesh = (text) => text, more = '' }: Change,
): readonly string[] {
  const golden = goldenCase(name);
  const { files } = compile(golden.sources, golden.options);
  const applied = files.map((file) => ({ ...file, text: output(file.text) }));
  const sources = golden.sources.map((source) => {
    const text = source.path.includes('mesh.yaml') ? mesh(source.text) : source.text;
    return { ...source, text: source.path.includes('manifests.yaml') ? `${text}\n---\n${more}` : text };
  });
  const { diagnostics } = verify(sources, { ...golden.options, applied });
  return diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code} ${message}`);
}

const onlyFor = (account: string) => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: callers, namespace: infra }
spec:
  selector: { matchLabels: { app: ratelimit } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/${account}] } }] }]`;

describe('a rate limit service', () => {
  it('is known to a waypoint by the annotation alone', () => {
    const output = (text: string) => text.replace(/\n *envoyfilter\.istio\.io\/referenced-services:.*/, '');
    expect(saidOf('on-ambient', {})).toEqual([]);
    expect(saidOf('on-ambient', { output })).toEqual([expect.stringMatching(/^AMB5126 waypoint .* the annotation/)]);
  });

  it('lets a waypoint in as itself', () => {
    expect(saidOf('on-ambient', { more: onlyFor('books/sa/waypoint') })).toEqual([]);
    expect(saidOf('on-ambient', { more: onlyFor('books/sa/catalog') })).toEqual([
      expect.stringMatching(/^AMB5126 waypoint `books\/waypoint` cannot ask/),
    ]);
  });

  it('lets a sidecar in as its pods', () => {
    expect(saidOf('on-sidecars', { more: onlyFor('books/sa/catalog') })).toEqual([]);
    expect(saidOf('on-sidecars', { more: onlyFor('web/sa/shop') })).toEqual([
      expect.stringMatching(/^AMB5126 the sidecar of `books\/catalog` cannot ask/),
    ]);
  });

  it('lets a gateway in as its pods', () => {
    expect(saidOf('at-istio-gateway', { more: onlyFor('edge/sa/ingress') })).toEqual([]);
    expect(saidOf('at-istio-gateway', { more: onlyFor('edge/sa/inner') })).toEqual([
      expect.stringMatching(/^AMB5126 gateway `edge\/ingress` cannot ask/),
    ]);
  });

  it('may be left out of what a gateway knows', () => {
    const mesh = (text: string) =>
      text.replace('"1.29" }', '"1.29", flags: { PILOT_FILTER_GATEWAY_CLUSTER_CONFIG: true } }');
    expect(saidOf('at-gateway', { mesh })).toEqual([expect.stringMatching(/^AMB5126 gateway `edge\/public`/)]);
  });

  it('counts nothing without a ConfigMap', () => {
    const output = (text: string) => (text.includes('config.yaml') ? text.replace('domain: ', 'domain: not-') : text);
    expect(saidOf('at-gateway', { output })).toEqual([expect.stringMatching(/^AMB5124 .* any number/)]);
  });
});
