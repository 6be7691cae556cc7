import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { JsonObject } from '../../src/parse/document.js';
import { compile, verify } from '../../src/pipeline.js';
import { goldenCases } from '../support/cases.js';
import { mutantsOf } from '../support/traffic-mutants/mutants.js';

const routed = ['VirtualService', 'HTTPRoute', 'DestinationRule'];
const cases = goldenCases().filter(({ name }) => name.startsWith('traffic/'));
const survivors: string[] = [];

describe.each(cases)('$name', (golden) => {
  const { files } = compile(golden.sources, golden.options);
  const base = verify(golden.sources, { ...golden.options, applied: files });
  const before = new Set(base.diagnostics.map(({ code, message }) => `${code} ${message}`));
  const objects = files.filter(({ text }) => routed.includes((parse(text) as JsonObject).kind as string));

  it.skipIf(objects.length === 0)('is told from every other output', () => {
    let count = 0;
    for (const file of objects) {
      for (const { what, value } of mutantsOf(parse(file.text) as JsonObject, ['spec'])) {
        count++;
        const applied = files.map((each) => (each === file ? { ...each, text: stringify(value) } : each));
        const { diagnostics } = verify(golden.sources, { ...golden.options, applied });
        const isFound = diagnostics.some(({ code, message, severity }) => severity !== 'info' && !before.has(`${code} ${message}`));
        if (!isFound) survivors.push(`${golden.name} ${value.kind} ${what}`);
      }
    }
    console.log(golden.name, count, survivors.length);
    expect(count).toBeGreaterThan(0);
  }, 600000);
});

it('prints', () => {
  console.log(survivors.join('\n'));
});
