import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policyLint } from '../../src/diagnostics/catalogue/policy-lint.js';
import { routeLint } from '../../src/diagnostics/catalogue/route-lint.js';
import { rangeOf } from '../../src/diagnostics/position.js';
import { lintMesh } from '../../src/lint/lint-mesh.js';
import { parseSources } from '../../src/parse/parse-sources.js';
import { diagnosticsToText } from '../../src/report/human.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { type Case, expectedPlaces, filesBelow, goldenCases } from '../support/cases.js';

const update = process.argv.some((argument) => argument === '-u' || argument === '--update');

function lint({ sources }: Pick<Case, 'sources'>) {
  const { mesh, objects } = parseSources(sources).value;
  return lintMesh(buildTopology(mesh, objects).value).diagnostics;
}

describe('the table of silent failures', () => {
  const table = readFileSync(new URL('../../docs/silent-failures.md', import.meta.url), 'utf8');

  // What is an error is a fault of an AccessTest or a Guardrail, and nothing silent.
  const silent = [...Object.values(policyLint), ...Object.values(routeLint)].filter(
    ({ severity }) => severity !== 'error',
  );

  it.each(silent.map(({ code }) => code))('names what %s reports', (code) => {
    expect(table).toContain(`[${code}](diagnostics/${code}.md)`);
  });

  it('links pages that there are', () => {
    const links = [...table.matchAll(/\]\((diagnostics\/[^)]*)\)/g)].map(([, path]) => path ?? '');
    expect(links.filter((path) => !existsSync(new URL(`../../docs/${path}`, import.meta.url)))).toEqual([]);
  });
});

describe.each(goldenCases('lint'))('$name', (golden) => {
  const found = lint(golden);

  it('finds what the case expects, where the sources say so, and nothing else', () => {
    expect([...new Set(found.map(({ code }) => code))].sort()).toEqual(golden.expect);
    const places = found.flatMap(({ code, span }) =>
      span ? [`${span.file.path}:${rangeOf(span).start.line} ${code}`] : [],
    );
    expect(places.sort()).toEqual(expectedPlaces(golden.sources).sort());
  });

  it('tells it as expected', async () => {
    const expected = join(golden.directory, 'expected');
    const text = diagnosticsToText(found, { colourLevel: 0, displayPath: (path) => path });
    if (found.length > 0) await expect(text).toMatchFileSnapshot(join(expected, 'diagnostics.txt'));
    else if (update) rmSync(expected, { recursive: true, force: true });
    else expect(filesBelow(expected)).toEqual([]);
  });

  it('does not depend on the order of documents', () => {
    const sources = golden.sources.map(({ text, ...source }) => {
      return {
        ...source,
        text: text
          .split(/^---\n/m)
          .reverse()
          .join('---\n'),
      };
    });
    const messages = ({ message, witness }: (typeof found)[number]) => [message, witness];
    expect(lint({ sources }).map(messages).sort()).toEqual(found.map(messages).sort());
  });
});
