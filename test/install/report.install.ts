import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from './browser.js';
import { missing, must, run } from './scratch.js';

const directory = mkdtempSync(join(tmpdir(), 'ambit-report-'));
const page = join(directory, 'report.html');
const program = process.env.CHROMIUM ?? 'chromium';
const absent = missing('no Chromium to look at a page with', run(program, ['--version'], directory, process.env));

describe.skipIf(absent)('the page of a report, in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    must(run('node', ['.ci/build/build.mjs'], resolve('.'), process.env));
    const ambit = resolve('dist/ambit.js');
    const argv = ['report', '--project', 'examples/hybrid-shop', '--today', '2026-11-29', '--output-file', page];
    must(run('node', [ambit, ...argv], resolve('.'), process.env));
    browser = await openBrowser(program, directory);
    await browser.send('Page.navigate', { url: `file://${page}` });
    await browser.evaluate(
      "new Promise((done) => (document.readyState === 'complete' ? done() : addEventListener('load', done)))",
    );
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const count = (selector: string) => browser.evaluate(`document.querySelectorAll('${selector}').length`);

  it('draws the graph, the calls, the workloads and the rules, without an error and without the network', async () => {
    expect(await count('#graph svg g')).toBeGreaterThan(5);
    expect(await count('#calls tbody tr')).toBeGreaterThan(5);
    expect(await count('#namespaces > details')).toBe(4);
    expect(await count('#rules tbody tr')).toBeGreaterThan(5);
    expect(browser.failures).toEqual([]);
  });

  it('is used by keyboard alone', async () => {
    await browser.evaluate('document.activeElement.blur()');
    const visited: unknown[] = [];
    for (let step = 0; step < 40; step++) {
      await browser.press('Tab');
      visited.push(
        await browser.evaluate(
          "document.activeElement.id || document.activeElement.getAttribute('aria-label') || document.activeElement.textContent",
        ),
      );
    }
    expect(visited).toEqual(
      expect.arrayContaining(['Skip to the report', 'Compliance', 'graph-namespace', 'caller', 'called', 'only']),
    );
    const label = visited.find((each) => String(each).startsWith('show namespace '));
    expect(label).toBeDefined();
    await browser.evaluate(`document.querySelector('#graph [aria-label="${label}"]').focus()`);
    await browser.press('Enter');
    expect(await browser.evaluate("document.getElementById('graph-namespace').value")).toBe(
      String(label).replace('show namespace ', ''),
    );
    expect(browser.failures).toEqual([]);
  });

  it('finds calls, and opens workloads', async () => {
    const search = (text: string) =>
      browser.evaluate(
        `(() => { const field = document.getElementById('called'); field.value = '${text}'; field.dispatchEvent(new Event('input', { bubbles: true })); })()`,
      );
    await search('payments/ledger');
    expect(
      await browser.evaluate(
        "[...document.querySelectorAll('#calls tbody td:nth-child(2)')].every(({ textContent }) => textContent === 'payments/ledger')",
      ),
    ).toBe(true);
    await search('nobody/nothing');
    expect(await browser.evaluate("document.querySelector('#calls p').textContent")).toBe('0 calls');
    await browser.evaluate("document.querySelector('#namespaces > details').open = true");
    await browser.evaluate('new Promise((done) => setTimeout(done, 100))');
    expect(await count('#namespaces > details > details')).toBeGreaterThan(0);
    expect(browser.failures).toEqual([]);
  });

  it.each([
    ['phone', 390],
    ['laptop', 1280],
    ['wide', 1920],
  ])('is no wider than a %s, light and dark', async (_, width) => {
    for (const value of ['light', 'dark']) {
      await browser.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
      await browser.send('Emulation.setDeviceMetricsOverride', {
        width,
        height: 900,
        deviceScaleFactor: 1,
        mobile: false,
      });
      expect(await browser.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
    expect(browser.failures).toEqual([]);
  });
});
