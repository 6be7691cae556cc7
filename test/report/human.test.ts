import { expect, it } from 'vitest';
import { diagnostic } from '../../src/diagnostics/create.js';
import type { Diagnostic, SourceFile, Span } from '../../src/diagnostics/diagnostic.js';
import { diagnosticsToText, summary } from '../../src/report/human.js';

const plain = { colourLevel: 0, displayPath: (path: string) => path } as const;

function spanOf(file: SourceFile, text: string): Span {
  const start = file.text.indexOf(text);
  expect(start).toBeGreaterThanOrEqual(0);
  return { file, start, end: start + text.length };
}

function fault(span: Span | null, details: Partial<Diagnostic> = {}): Diagnostic {
  return { ...diagnostic('usage', { problem: 'this is wrong' }, span), ...details };
}

function frame(text: string, marked: string, label?: string): string {
  const file = { path: 'intents/shop.yaml', text };
  const details = label === undefined ? {} : { label };
  return (
    diagnosticsToText([fault(spanOf(file, marked), details)], plain)
      .split('\n   =')[0]
      ?.split('\n  =')[0] ?? ''
  );
}

it('draws a refusal with its place, its label, its witness, its notes and its help', () => {
  const file = {
    path: 'intents/payments.yaml',
    text: `${'\n'.repeat(14)}        to: [{ service: ledger, port: http, methods: [POST], paths: [/v1/charges] }]\n`,
  };
  const refusal = fault(spanOf(file, 'methods'), {
    code: 'AMB3007',
    message: '`shop/checkout` cannot go through the waypoint',
    label: 'seen only at a waypoint',
    witness: 'shop/checkout → payments/ledger:http',
    notes: [{ message: 'sidecars do not route through waypoints' }],
    help: 'move shop/checkout to ambient first',
  });
  expect(diagnosticsToText([refusal], plain)).toBe(`error[AMB3007]: \`shop/checkout\` cannot go through the waypoint
  --> intents/payments.yaml:15:45
   |
15 |         to: [{ service: ledger, port: http, methods: [POST], paths: [/v1/charges] }]
   |                                             ^^^^^^^ seen only at a waypoint
   = witness: shop/checkout → payments/ledger:http
   = note: sidecars do not route through waypoints
   = help: move shop/checkout to ambient first
   = docs: ambit explain AMB3007

1 error
`);
});

it('draws a second frame for a note that has a place', () => {
  const file = { path: 'a.yaml', text: 'first: 1\nsecond: 2\n' };
  const text = diagnosticsToText(
    [fault(spanOf(file, 'second'), { notes: [{ message: 'declared here', span: spanOf(file, 'first') }] })],
    plain,
  );
  expect(text).toBe(`error[AMB0001]: this is wrong
 --> a.yaml:2:1
  |
2 | second: 2
  | ^^^^^^
  = note: declared here
 --> a.yaml:1:1
  |
1 | first: 1
  | ^^^^^
  = docs: ambit explain AMB0001

1 error
`);
});

it('needs no place', () => {
  expect(diagnosticsToText([fault(null)], plain)).toBe(
    'error[AMB0001]: this is wrong\n   = docs: ambit explain AMB0001\n\n1 error\n',
  );
});

it('orders by file, place and code, and counts each severity', () => {
  const file = { path: 'a.yaml', text: 'x: y\n' };
  const items = [
    fault(spanOf(file, 'y'), { message: 'second' }),
    fault(
      { ...spanOf(file, 'y'), file: { path: 'b.yaml', text: 'x: y\n' } },
      { message: 'third', severity: 'warning' },
    ),
    fault(spanOf(file, 'x'), { message: 'first' }),
  ];
  const text = diagnosticsToText(items, plain);
  expect(text.match(/first|second|third/g)).toEqual(['first', 'second', 'third']);
  expect(text.endsWith('\n\n2 errors, 1 warning\n')).toBe(true);
  expect(summary([])).toBe('');
});

it('says nothing when there is nothing to say', () => {
  expect(diagnosticsToText([], plain)).toBe('');
});

it('expands tabs and keeps the carets below the text', () => {
  expect(frame('\tkey:\tvalue\n', 'value', 'here')).toBe(`error[AMB0001]: this is wrong
 --> intents/shop.yaml:1:7
  |
1 |     key:    value
  |             ^^^^^ here`);
});

it('gives wide characters two cells and combining ones none', () => {
  expect(frame('名前: e\u0301x 値段\n', '値段')).toBe(`error[AMB0001]: this is wrong
 --> intents/shop.yaml:1:9
  |
1 | 名前: e\u0301x 値段
  |          ^^^^`);
});

it('counts lines the same with CRLF and draws no carriage return', () => {
  expect(frame('one: 1\r\ntwo: 2\r\n', '2')).toBe(`error[AMB0001]: this is wrong
 --> intents/shop.yaml:2:6
  |
2 | two: 2
  |      ^`);
});

it('cuts a very long line around the carets', () => {
  const text = frame(`${'a'.repeat(500)}NEEDLE${'b'.repeat(500)}\n`, 'NEEDLE');
  expect(text).toContain(`1 | …${'a'.repeat(60)}NEEDLE${'b'.repeat(60)}…\n  | ${' '.repeat(61)}^^^^^^`);
});

it('cuts a very long marked text', () => {
  const text = frame(`key: ${'x'.repeat(500)} # tail\n`, 'x'.repeat(500));
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(160);
  expect(text).toContain(`  |      ${'^'.repeat(126)}`);
});

it('draws a bar beside a span over several lines, without the white space at its end', () => {
  const file = 'allow:\n  - name: a\n    from: []\nnext: 1\n';
  expect(frame(file, '- name: a\n    from: []\n', 'this rule')).toBe(`error[AMB0001]: this is wrong
 --> intents/shop.yaml:2:3
  |
2 | /   - name: a
3 | |     from: []
  | |____________^ this rule`);
});

it('shows only the ends of a span over many lines', () => {
  const lines = Array.from({ length: 12 }, (_, index) => `line${index + 1}: x`).join('\n');
  expect(frame(lines, lines)).toBe(`error[AMB0001]: this is wrong
  --> intents/shop.yaml:1:1
   |
 1 | / line1: x
 2 | | line2: x
...  |
12 | | line12: x
   | |_________^`);
});

it('points just behind the text when the fault is at the end of the file', () => {
  const file = { path: 'a.yaml', text: 'key:' };
  const text = diagnosticsToText([fault({ file, start: 4, end: 4 })], plain);
  expect(text).toContain(' --> a.yaml:1:5\n  |\n1 | key:\n  |     ^\n');
});

it('prints pictures of control characters, so that no input drives the terminal', () => {
  const file = { path: 'a\u001b[31m.yaml', text: 'key: \u001b[2Jvalue\u202e\n' };
  const text = diagnosticsToText([fault(spanOf(file, 'value'), { message: 'bad `\u0007`\nfake' })], plain);
  expect(text).toContain('bad `␇`␊fake');
  expect(text).toContain('key: ␛[2Jvalue\ufffd');
  for (const hostile of ['\u001b', '\u0007', '\u202e']) expect(text).not.toContain(hostile);
});

it('colours only when told to', () => {
  const text = diagnosticsToText([fault(null)], { ...plain, colourLevel: 1 });
  expect(text).toContain('\u001b[31m');
  expect(diagnosticsToText([fault(null)], plain)).not.toContain('\u001b');
});

it('stands further lines of a witness below its first', () => {
  const text = diagnosticsToText([fault(null, { witness: 'first hop\nsecond hop' })], plain);
  expect(text).toContain('   = witness: first hop\n              second hop\n');
});

it('tells a cause once where it is found often, and names every place', () => {
  const lines = Array.from({ length: 14 }, (_, index) => `item${index}: x`);
  const file = { path: 'a.yaml', text: `${lines.join('\n')}\n` };
  const found = lines.map((line, index) =>
    fault(spanOf(file, line), { help: 'do this', ...(index === 2 && { message: 'this is wrong otherwise' }) }),
  );
  const other = fault(null, { code: 'AMB9998', message: 'something else' });
  const text = diagnosticsToText([...found, other], { ...plain, mostOfOneCode: 3 });
  expect(text).toBe(`error[AMB9998]: something else
   = docs: ambit explain AMB9998

error[AMB0001]: this is wrong (14 times)
 --> a.yaml:1:1
  |
1 | item0: x
  | ^^^^^^^^
  = help: do this
  = also: a.yaml:2:1
          a.yaml:3:1  this is wrong otherwise
          a.yaml:4:1
          a.yaml:5:1
          a.yaml:6:1
          a.yaml:7:1
          a.yaml:8:1
          a.yaml:9:1
          a.yaml:10:1
          a.yaml:11:1
          and 3 more: \`--diagnostics json\` lists all
  = docs: ambit explain AMB0001

15 errors
`);
  const few = diagnosticsToText(found.slice(0, 3), { ...plain, mostOfOneCode: 3 });
  expect(few.match(/help: do this/g)).toHaveLength(3);
});
