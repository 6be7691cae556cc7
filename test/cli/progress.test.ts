import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/cli/commands/session.js';
import { showingProgress } from '../../src/cli/progress.js';
import { type MemoryHostOptions, memoryHost } from '../support/memory-host.js';

/** A session for which each look at the clock takes some time. */
function sessionWith(options: MemoryHostOptions, changed: Partial<Session> = {}, milliseconds = 400) {
  let now = 0;
  const host = {
    ...memoryHost(options),
    now: () => {
      now += milliseconds;
      return new Date(now);
    },
  };
  const session: Session = {
    host,
    diagnosticsFormat: 'human',
    writeReports: () => [],
    reportLost: () => {},
    color: true,
    quiet: false,
    ...changed,
  };
  return { host, session };
}

async function written(options: MemoryHostOptions, changed?: Partial<Session>, milliseconds?: number): Promise<string> {
  const { host, session } = sessionWith(options, changed, milliseconds);
  const answer = await showingProgress(session, (progress) => {
    for (let done = 0; done < 5; done++) progress('proving workloads', done, 5);
    progress('writing policies');
    return 42;
  });
  expect(answer).toBe(42);
  return host.stderr();
}

/** What is left on a terminal's line. */
function lineAfter(text: string): string {
  const cells: string[] = [];
  let at = 0;
  for (const character of text) {
    if (character === '\r') at = 0;
    else cells[at++] = character;
  }
  return cells.join('').trimEnd();
}

describe('how far work has come', () => {
  it('is told on one line of a terminal, which is clean afterwards', async () => {
    const text = await written({ isTerminal: true });
    expect(text).toContain('proving workloads: 3 of 5');
    expect(text).toContain('writing policies');
    expect(text).not.toContain('\n');
    expect(lineAfter(text)).toBe('');
    const shown = text.slice(0, text.lastIndexOf('writing policies') + 'writing policies'.length);
    expect(lineAfter(shown)).toBe('writing policies');
  });

  it('is told of no work that takes less than a second', async () => {
    expect(await written({ isTerminal: true }, {}, 100)).toBe('');
  });

  it('takes no more than a line', async () => {
    const text = await written({ isTerminal: true, environment: { COLUMNS: '40' } });
    expect(Math.max(...text.split('\r').map(({ length }) => length))).toBeLessThan(40);
  });

  it.each([
    ['a pipe', { isTerminal: false }, {}],
    ['a pipeline', { isTerminal: true, environment: { CI: 'true' } }, {}],
    ['a dumb terminal', { isTerminal: true, environment: { TERM: 'dumb' } }, {}],
    ['whoever wants quiet', { isTerminal: true }, { quiet: true }],
    ['a program', { isTerminal: true }, { diagnosticsFormat: 'json' }],
  ] as const)('is not told to %s', async (_, options, changed) => {
    expect(await written(options, changed)).toBe('');
  });

  it('leaves a clean line where the work fails', async () => {
    const { host, session } = sessionWith({ isTerminal: true });
    const work = showingProgress(session, (progress) => {
      for (let done = 0; done < 5; done++) progress('reading files', done, 5);
      throw new Error('a bug');
    });
    await expect(work).rejects.toThrow('a bug');
    expect(host.stderr()).toContain('reading files');
    expect(lineAfter(host.stderr())).toBe('');
  });
});
