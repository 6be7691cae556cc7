import { expect, it } from 'vitest';
import { diagnostic } from '../../src/diagnostics/create.js';
import { diagnosticsToJson } from '../../src/report/json.js';

const file = { path: 'intents/shop.yaml', text: 'one: 1\r\ntwo: 😀 x\n' };

it('gives each diagnostic its place, counted from 1, and every field always', () => {
  const span = { file, start: file.text.indexOf('x'), end: file.text.indexOf('x') + 1 };
  const notes = [{ message: 'see here', span: { file, start: 0, end: 3 } }, { message: 'and know' }];
  const item = diagnostic('usage', { problem: 'this is wrong' }, span, { notes, witness: 'a → b', label: 'x' });
  expect(JSON.parse(diagnosticsToJson([item], (path) => `project/${path}`))).toEqual({
    diagnostics: [
      {
        code: 'AMB0001',
        name: 'usage',
        severity: 'error',
        message: 'this is wrong',
        file: 'project/intents/shop.yaml',
        line: 2,
        column: 9,
        endLine: 2,
        endColumn: 10,
        label: 'x',
        notes: [
          { message: 'see here', file: 'project/intents/shop.yaml', line: 1, column: 1, endLine: 1, endColumn: 4 },
          { message: 'and know', file: null, line: null, column: null, endLine: null, endColumn: null },
        ],
        witness: 'a → b',
        help: null,
        fix: null,
      },
    ],
    errors: 1,
    warnings: 0,
    accepted: [],
    below: 0,
    elsewhere: 0,
  });
});

it('is a whole document also when there is nothing to say', () => {
  expect(JSON.parse(diagnosticsToJson([], (path) => path))).toEqual({
    diagnostics: [],
    errors: 0,
    warnings: 0,
    accepted: [],
    below: 0,
    elsewhere: 0,
  });
});
