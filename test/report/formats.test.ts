import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import schema from '../../schemas/report.schema.json' with { type: 'json' };
import { diagnostic } from '../../src/diagnostics/create.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { Findings } from '../../src/report/formats/findings.js';
import { printFindings, type ReportFormat } from '../../src/report/formats/formats.js';

const text = 'one: 1\n# ambit: accept AMB5001 until 2026-12-31 because so\ntwo: <b> & 100%\n';
const file = { path: 'intents/my shop.yaml', text };

function spanOf(part: string, at = file) {
  const start = at.text.indexOf(part);
  return { file: at, start, end: start + part.length };
}

const broken = diagnostic('usage', { problem: 'this is `wrong`, 100%' }, spanOf('<b>'), {
  witness: 'a/b → c/d:http',
  notes: [
    { message: 'written here', span: spanOf('one') },
    { message: 'ztunnel at c/d: let through', isStep: true },
    { message: 'waypoint at c/w: let through', span: spanOf('two'), isStep: true },
  ],
  help: 'write it otherwise',
  fix: { span: spanOf('<b>'), replacement: 'b', isSafe: true },
});
const warning = diagnostic('acceptance-unused', { what: 'AMB5001' }, spanOf('AMB5001'));
const placeless = diagnostic('no-tests', {}, null);

function findings(diagnostics: readonly Diagnostic[], accepted: Findings['accepted'] = []): Findings {
  return {
    diagnostics,
    accepted,
    aside: { accepted, below: [] },
    displayPath: (path) => `project/${path}`,
    pageOf: (code) => readFileSync(`docs/diagnostics/${code}.md`, 'utf8'),
    version: '1.2.3',
  };
}

function print(format: ReportFormat, diagnostics: readonly Diagnostic[] = [broken, warning, placeless]): string {
  return printFindings(format, findings(diagnostics));
}

const accepted: Findings['accepted'] = [
  {
    diagnostic: warning,
    acceptance: {
      what: 'AMB3025',
      where: { kind: 'text', span: spanOf('one') },
      until: undefined,
      reason: 'known',
      owner: undefined,
      writtenIn: 'comment',
      span: spanOf('AMB5001'),
    },
  },
];

describe('SARIF', () => {
  const [run] = JSON.parse(print('sarif')).runs;

  it('has a rule for each code, with its page as help', () => {
    const { rules } = run.tool.driver;
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(['AMB0001', 'AMB3025', 'AMB5205']);
    expect(rules[0]).toMatchObject({ name: 'Usage', shortDescription: { text: 'bad usage' } });
    expect(rules[0].help.markdown).toContain('## Why it matters');
    for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex].id).toBe(ruleId);
  });

  it('names places by relative addresses that are encoded', () => {
    const result = run.results.find(({ ruleId }: { ruleId: string }) => ruleId === 'AMB0001');
    expect(result.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'project/intents/my%20shop.yaml' },
          region: { startLine: 3, startColumn: 6, endLine: 3, endColumn: 9 },
        },
      },
    ]);
    expect(result.relatedLocations).toMatchObject([{ message: { text: 'written here' } }]);
  });

  it('shows the way of a request as a code flow', () => {
    const [{ codeFlows }] = run.results.filter(({ ruleId }: { ruleId: string }) => ruleId === 'AMB0001');
    const [{ threadFlows }] = codeFlows;
    expect(
      threadFlows[0].locations.map(({ location }: { location: { message: unknown } }) => location.message),
    ).toEqual([
      { text: 'a/b → c/d:http' },
      { text: 'ztunnel at c/d: let through' },
      { text: 'waypoint at c/w: let through' },
    ]);
  });

  it('carries fixes, and what is accepted as suppressed', () => {
    const report = JSON.parse(printFindings('sarif', findings([broken], accepted)));
    const [suppressed, fixed] = report.runs[0].results;
    expect(fixed.fixes[0].artifactChanges[0].replacements[0].insertedContent).toEqual({ text: 'b' });
    expect(suppressed.suppressions).toEqual([{ kind: 'inSource', status: 'accepted', justification: 'known' }]);
  });

  it('knows a finding again when lines above it come and go, and tells two alike apart', () => {
    const hashOf = (items: readonly Diagnostic[]) =>
      JSON.parse(print('sarif', items)).runs[0].results.map(
        ({ partialFingerprints }: { partialFingerprints: Record<string, string> }) =>
          partialFingerprints.primaryLocationLineHash,
      );
    const moved = { ...file, text: `\n\n${text}` };
    const [before] = hashOf([warning]);
    expect(hashOf([{ ...warning, span: spanOf('AMB5001', moved) }])).toEqual([before]);
    expect(hashOf([warning, warning])).toEqual([before, before.replace(/:1$/, ':2')]);
  });

  it('says how many it leaves out where there are too many', () => {
    const many = Array.from({ length: 25_001 }, () => placeless);
    const [cut] = JSON.parse(print('sarif', many)).runs;
    expect(cut.results).toHaveLength(25_000);
    expect(cut.invocations[0].toolExecutionNotifications[0].message.text).toContain('1 more');
  });
});

it('prints annotations for GitHub, with what would end them escaped', () => {
  const [first = ''] = print('github', [broken]).split('\n');
  expect(first).toMatch(
    /^::error file=project\/intents\/my shop\.yaml,line=3,endLine=3,col=6,endColumn=9,title=AMB0001 usage::this is `wrong`, 100%25%0Awitness: /,
  );
  expect(print('github', [placeless])).toMatch(/^::error title=AMB5205 no-tests::/);
  expect(print('github', [])).toBe('');
});

it('prints a Code Quality report for GitLab, with a path for every finding', () => {
  const report = JSON.parse(print('gitlab'));
  expect(report).toHaveLength(3);
  for (const each of report) {
    expect(each).toMatchObject({ check_name: expect.stringMatching(/^AMB/), fingerprint: expect.any(String) });
    expect(each.location).toEqual({ path: expect.any(String), lines: { begin: expect.any(Number) } });
  }
  expect(new Set(report.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(3);
});

it('prints JUnit in which errors alone fail', () => {
  const xml = print('junit');
  expect(xml).toContain('<testsuites name="ambit" tests="3" failures="2" errors="0">');
  expect(xml.match(/<failure /g)).toHaveLength(2);
  expect(xml).toContain('<system-out>warning: ');
  expect(xml).not.toContain('<b>');
  expect(print('junit', [])).toContain('name="nothing found"/>');
});

it('prints Markdown in which no text is taken for HTML', () => {
  const page = print('markdown');
  expect(page).toMatch(/^<!-- ambit:findings -->\n\n### Ambit: 2 errors, 1 warning\n/);
  expect(page).toContain('`project/intents/my shop.yaml:3:6`');
  const many = Array.from({ length: 2000 }, () => broken);
  const cut = print('markdown', many);
  expect(cut.length).toBeLessThan(65_536);
  expect(cut).toMatch(/and \d+ more: /);
});

it('prints JSON that is as its schema says', () => {
  const validate = new Ajv({ strict: false }).compile(schema);
  for (const diagnostics of [[broken, warning, placeless], []]) {
    expect(
      validate(JSON.parse(printFindings('json', findings(diagnostics, accepted)))),
      JSON.stringify(validate.errors),
    ).toBe(true);
  }
  expect(validate({ diagnostics: [{}] })).toBe(false);
});
