import { describe, expect, it } from 'vitest';
import { logFilter } from '../../src/emit/log-filter.js';
import { filterInWords } from '../../src/proof/telemetry/logged-requests.js';

const written = logFilter({
  kind: 'enabled',
  providers: [],
  requests: 'Denied',
  filter: undefined,
  span: { file: { path: '', text: '' }, start: 0, end: 0 },
}) as string;

const audited = logFilter({
  kind: 'enabled',
  providers: [],
  requests: 'Audited',
  filter: undefined,
  span: { file: { path: '', text: '' }, start: 0, end: 0 },
}) as string;

describe('a filter in words', () => {
  it('names the requests that it logs, whatever the order of its terms', () => {
    expect(filterInWords(written)).toBe('Denied');
    expect(filterInWords(written.split(' || ').reverse().join(' || '))).toBe('Denied');
  });

  it('knows the mark of an audit', () => {
    expect(filterInWords(audited)).toBe('Audited');
    expect(filterInWords(audited.replace('true', 'false'))).not.toBe('Audited');
    expect(filterInWords(audited.replace('access_log_hint', 'shadow_engine_result'))).not.toBe('Audited');
  });

  it('tells what stands beside them', () => {
    expect(filterInWords(`(${written}) && (request.method == "GET")`)).toBe('Denied and request.method == "GET"');
  });

  it('does not take another filter for it', () => {
    const lacking = written.split(' || ').slice(1).join(' || ');
    const others = [lacking, `${written} || true`, written.replaceAll('rbac', 'rba'), `!(${written})`];
    for (const other of others) expect(filterInWords(other)).toBe(other);
  });
});
