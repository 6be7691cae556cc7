import { Chalk } from 'chalk';
import { expect, it } from 'vitest';
import { diagnostic } from '../../src/diagnostics/create.js';
import { diagnosticsToText } from '../../src/report/human.js';
import { hanging, plain, twoSides, wrap } from '../../src/report/layout.js';
import { topologyToText } from '../../src/report/topology.js';
import { ambient, documents, namespace, service, workload } from '../topology/support/builders.js';
import { topologyOf } from '../topology/support/topology.js';

const widest = (text: string) => Math.max(...text.split('\n').map((line) => [...line].length));

it('breaks between words and never within one', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a spiffe://cluster.local/ns/shop b', 10)).toEqual(['a', 'spiffe://cluster.local/ns/shop', 'b']);
});

it('leaves a command whole that ends a text, to be pasted', () => {
  const command = 'ambit trace -f after --from outside --to edge/front:80';
  expect(wrap(`to follow it: ${command}`, 20)).toEqual(['to follow it:', command]);
  expect(wrap('say what ambit diff says', 12)).toEqual(['say what', 'ambit diff', 'says']);
});

it('counts the cells of a terminal, not characters', () => {
  expect(wrap('値段 値段', 8)).toEqual(['値段', '値段']);
});

it('stands further lines below the first', () => {
  expect(hanging('note: ', 'one two three', 13)).toEqual(['note: one two', '      three']);
});

it('gives each of two texts a line where one has no room for both', () => {
  const sides = (columns: number) =>
    twoSides({ text: 'Service web', paint: plain }, { text: 'ClusterIP', paint: plain }, columns);
  expect(sides(24)).toEqual(['Service web    ClusterIP']);
  expect(sides(20)).toEqual(['Service web', '           ClusterIP']);
});

it('wraps what a diagnostic says, and cuts what it shows of a file, to the columns that there are', () => {
  const file = {
    path: 'a.yaml',
    text: `to: [{ service: ledger, port: http, methods: [POST], paths: [/v1/charges] }]\n`,
  };
  const start = file.text.indexOf('methods');
  const details = {
    label: 'seen only at a waypoint, because the workload is ambient',
    help: 'move the caller to ambient first, or accept the gap on this rule',
  };
  const fault = diagnostic(
    'usage',
    { problem: 'a sidecar cannot go through the waypoint of it' },
    {
      file,
      start,
      end: start + 7,
    },
    details,
  );
  expect(
    diagnosticsToText([fault], { colourLevel: 0, displayPath: String, columns: 50 }),
  ).toBe(`error[AMB0001]: a sidecar cannot go through the
waypoint of it
 --> a.yaml:1:37
  |
1 | …dger, port: http, methods: [POST], paths: […
  |                    ^^^^^^^
  | seen only at a waypoint, because the workload
  | is ambient
  = help: move the caller to ambient first, or
          accept the gap on this rule
  = docs: ambit explain AMB0001

1 error
`);
});

it.each([100, 80, 60])('shows a deployment in %d columns', (columns) => {
  const text = documents(namespace('shop', ambient), service('web'), workload('web'));
  const printed = topologyToText(topologyOf(text).value, { columns, pen: new Chalk({ level: 0 }) });
  expect(widest(printed)).toBeLessThanOrEqual(columns);
  const words = (text: string) => text.split(/\s+/);
  expect(words(printed)).toEqual(expect.arrayContaining(['direct', 'identity', 'plaintext', '(istio#37431)']));
});

it('puts a table below its name, and then makes a list of it, as the room gets less', () => {
  const text = documents(namespace('shop', ambient), service('web'), workload('web'));
  const paths = (columns: number) => {
    const printed = topologyToText(topologyOf(text).value, { columns, pen: new Chalk({ level: 0 }) });
    return printed.slice(printed.indexOf('    paths'), printed.indexOf('  Deployment')).split('\n').slice(0, 3);
  };
  expect(paths(100)[0]).toBe('    paths     from     to its name                  to a pod IP');
  expect(paths(80).slice(0, 2)).toEqual(['    paths', '      from     to its name                  to a pod IP']);
  expect(paths(60)).toEqual([
    '    paths     from ambient',
    '                to its name: direct with identity (E-08)',
    '                to a pod IP: direct with identity (E-08)',
  ]);
});

it('counts a large deployment namespace by namespace', () => {
  const many = Array.from({ length: 6 }, (_, index) => workload('web', { namespace: `team-${index % 2}` }));
  const { value } = topologyOf(documents(...many.map((text, index) => text.replaceAll('web', `web-${index}`))));
  const page = { columns: 80, pen: new Chalk({ level: 0 }) };
  expect(topologyToText(value, page, 5)).toContain(
    'namespace team-0  3 workloads (3 outside the mesh) · 0 Services\nnamespace team-1',
  );
  expect(topologyToText(value, page, 5)).toContain('`-n NAMESPACE` shows one namespace');
  expect(topologyToText(value, page, 6)).toContain('  Deployment web-0');
});
