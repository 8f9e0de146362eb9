import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { renderPage } from '../../../src/report/page/page.js';
import type { Report } from '../../../src/report/report.js';
import { aDrift, aReport, pictured } from '../../unit/report/factories.js';
import { aSummary } from '../../unit/cli/fake-context.js';
import { freshFolder } from '../embedded-stack.js';
import { startBrowser } from './browser.js';

const HOSTILE = '"><script>window.hacked=1</script><img src=x onerror="window.hacked=2">\u202egnp';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
}, 120_000);
afterAll(() => browser.close());

/** A page with everything on it, and names that want to break out of it. */
function fullReport(): Report {
  const { run } = aReport();
  return aReport({
    sourceCollection: HOSTILE,
    run: {
      ...run,
      summary: aSummary({ drift: aDrift, failures: { AudioNotFound: 2, [HOSTILE]: 1 } }),
    } as Report['run'],
    recordings: [
      pictured(),
      pictured({ id: HOSTILE, link: 'http://127.0.0.1:1/a.m4a?X-Amz-Signature=abc', address: HOSTILE }),
      pictured({ drawn: { failure: 'AudioNotFound' } }),
    ],
    linksEndAt: new Date('2025-12-21T02:30:00Z'),
  });
}

async function open(
  report: Report,
  width = 1200,
): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
  const path = join(freshFolder(), 'report.html');
  writeFileSync(path, renderPage(report));
  const page = await browser.newPage();
  const [requests, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.setViewport({ width, height: 800 });
  await page.goto(pathToFileURL(path).href, { waitUntil: 'load' });
  return { page, requests, complaints };
}

describe('the report in a browser', () => {
  test('asks for nothing but itself, runs nothing, and has nothing to complain of', async () => {
    const { page, requests, complaints } = await open(fullReport());
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([page.url()]);
    expect(complaints).toEqual([]);
    expect(
      await page.evaluate('[window.hacked === undefined, document.scripts.length, document.images.length]'),
    ).toEqual([true, 0, 2]);
    expect(await page.evaluate('document.querySelector(".kicker").textContent')).toContain('<script>');
    const unloaded = '[...document.images].filter((image) => image.naturalWidth === 0).length';
    expect(await page.evaluate(unloaded)).toBe(0);
    await page.close();
  });

  test.each(['light', 'dark'])('has nothing that axe finds against it, in %s', async (scheme) => {
    const { page } = await open(fullReport());
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.evaluate(
      'document.querySelectorAll("details").forEach((details) => { details.open = true; })',
    );
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const { violations, passes } = (await page.evaluate('axe.run()')) as AxeResults;
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
    expect(passes.length).toBeGreaterThan(10);
    await page.close();
  });

  test('fits a telephone without scrolling sideways', async () => {
    const { page } = await open(fullReport(), 360);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.close();
  });

  test('prints dark on white, without players and folded tables', async () => {
    const { page } = await open(fullReport());
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await page.emulateMediaType('print');
    const style = (selector: string, property: string): Promise<unknown> =>
      page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`);
    expect(await style('body', 'backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await style('body', 'color')).toBe('rgb(0, 0, 0)');
    expect(await style('audio', 'display')).toBe('none');
    expect(await style('details.data', 'display')).toBe('none');
    expect(
      Buffer.from(await page.pdf())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    await page.close();
  });
});
