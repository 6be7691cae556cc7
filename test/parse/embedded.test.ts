import { describe, expect, it } from 'vitest';
import { spanIn } from '../../src/parse/document.js';
import { readEmbedded } from '../../src/parse/embedded.js';
import { readObjects } from '../../src/parse/read-objects.js';
import { readYaml } from '../../src/parse/read-yaml.js';
import { spanText, underlined } from '../support/marked-text.js';

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\n';

function read(text: string, field = 'mesh') {
  const [object] = readObjects(readYaml({ path: 'map.yaml', text }, 'manifest').value).value;
  if (object === undefined) throw new Error('no object');
  const { value, diagnostics } = readEmbedded(object, ['data', field], 'MeshConfig');
  return { value, found: underlined(diagnostics), diagnostics };
}

/** The text of the file that a place in the embedded text leads to, and its line. */
function placeIn(text: string, ...path: string[]): [string, number] | undefined {
  const { value } = read(text);
  const span = value && spanIn(value, path);
  return span && [spanText(span), span.file.text.slice(0, span.start).split('\n').length];
}

describe('a YAML text in an object', () => {
  const block = 'rootNamespace: policies\noutboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n';
  const json = JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    data: { mesh: `${block}# "äß"\taccessLogFile: 😀\nlast: x\n` },
  });
  const indented = (margin: string, text: string) => text.replace(/^(?=.)/gm, margin);

  it('is an object that is called as the outer one', () => {
    const { value, diagnostics } = read(`${head}data:\n  mesh: |-\n${indented('    ', block)}`);
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({
      kind: 'MeshConfig',
      name: 'istio',
      namespace: 'istio-system',
      path: [],
      value: { rootNamespace: 'policies', outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
    });
  });

  it.each([
    ['a literal block', `${head}data:\n  mesh: |-\n${indented('    ', block)}`, 'REGISTRY_ONLY', 8],
    ['with a remark', `${head}data:\n  mesh: | # ours\n${indented('    ', block)}`, 'REGISTRY_ONLY', 8],
    ['with empty lines', `${head}data:\n  mesh: |\n\n\n${indented('    ', block)}`, 'REGISTRY_ONLY', 10],
    ['with a margin that is written', `${head}data:\n  mesh: |2\n${indented('    ', block)}`, 'REGISTRY_ONLY', 8],
    ['JSON', json, 'REGISTRY_ONLY', 1],
    ['quotes', `${head}data: { mesh: "outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }" }`, "'REGISTRY_ONLY'", 4],
  ])('has its places in the file: %s', (_, text, expected, line) => {
    expect(placeIn(text, 'outboundTrafficPolicy', 'mode')).toEqual([expected, line]);
  });

  it('knows the place behind characters that JSON writes in other ways', () => {
    expect(placeIn(json, 'last')).toEqual(['x', 1]);
  });

  it.each([
    [
      'a folded block',
      `${head}data:\n  mesh: >-\n    { rootNamespace: policies,\n    outboundTrafficPolicy: { mode: X } }\n`,
    ],
    ['a plain text', `${head}data:\n  mesh: 'outboundTrafficPolicy: { mode: X }'\n`],
  ])('is pointed at as a whole where its notation hides the place: %s', (_, text) => {
    const [whole] = placeIn(text, 'outboundTrafficPolicy', 'mode') ?? [];
    expect(whole).toContain('outboundTrafficPolicy');
  });

  it('reports what is wrong with it on the line of the file', () => {
    const text = `${head}data:\n  mesh: |-\n    rootNamespace: policies\n    enableAutoMtls: [false\n    trustDomain: x\n`;
    const [fault] = read(text).diagnostics;
    expect(fault?.span?.file.path).toBe('map.yaml');
    const { start = 0, file } = fault?.span ?? {};
    expect(file?.text.slice(0, start).split('\n').length).toBeGreaterThanOrEqual(7);
  });

  it('must be a mapping', () => {
    expect(read(`${head}data:\n  mesh: just words\n`).found).toEqual([['not-a-mapping', 'just words']]);
  });

  it('may be empty', () => {
    expect(read(`${head}data:\n  mesh: ""\n`)).toMatchObject({ value: undefined, diagnostics: [] });
  });
});
