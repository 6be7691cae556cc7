import { expect, it } from 'vitest';
import { trace } from '../../src/library/trace.js';
import type { Trace } from '../../src/trace/trace.js';
import type { TracedHop } from '../../src/trace/traced-hop.js';
import { type Ask, type Case, goldenCases } from '../support/cases.js';

const asked = goldenCases('lint').flatMap((golden) =>
  golden.asks.map((ask) => ({ name: golden.name, golden, ask, text: textOf(ask) })),
);

it.each(asked)('$name: $text', async ({ golden, ask }) => {
  expect(await answersTo(golden, ask)).toEqual([ask.answer].flat());
});

function textOf({ ask, host, headers = {} }: Ask): string {
  return [ask, host ?? '', ...Object.entries(headers).flat()].filter(Boolean).join(' ');
}

async function answersTo({ sources }: Case, { ask, host, headers }: Ask): Promise<readonly string[]> {
  const [, what = '', from = '', to = ''] = /^(.+) from (.+) to (.+)$/.exec(ask) ?? [];
  const [method, path] = what.split(' ');
  const payload = what === 'bytes' ? { tcp: true } : { method, path, host, ...(headers && { headers }) };
  const { traces, diagnostics } = await trace(sources, { from, to, ...payload });
  const wrong = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  return [...wrong, ...new Set(traces.map(answerOf))];
}

function answerOf({ verdict, seen, because, hops }: Trace): string {
  if (verdict.kind === 'not-modelled') return `not known: ${because}`;
  if (verdict.kind === 'denied') return seen;
  return [`allowed at ${hops.at(-1)?.name}`, ...hops.flatMap(changesIn)].join(' ');
}

const words: ReadonlyArray<readonly [said: string, short: string]> = [
  ['path rewritten to', 'as'],
  ['host rewritten to', 'for host'],
];

function changesIn({ kind, sees }: TracedHop): readonly string[] {
  if (kind !== 'route') return [];
  return sees.map(({ name, value }) => {
    const short = words.find(([said]) => said === name)?.[1];
    return short === undefined ? `with ${name.replace(/^header (.*) is now$/, '$1')}: ${value}` : `${short} ${value}`;
  });
}
