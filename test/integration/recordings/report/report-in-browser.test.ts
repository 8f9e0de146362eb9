import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { renderPage } from '../../../../src/pipelines/recordings/report/page/page.js';
import type { Report } from '../../../../src/pipelines/recordings/report/report.js';
import { aDrift, aReport, pictured } from '../../../unit/recordings/report/factories.js';
import { aSummary } from '../../../unit/shared/cli/fake-context.js';
import { freshFolder } from '../../embedded-stack.js';
import { findBrowser, startBrowser } from '../../browser.js';

const HOSTILE = '"><script>window.hacked=1</script><img src=x onerror="window.hacked=2">\u202egnp';

let browser: Browser;
let browserWithoutFonts: Browser;
beforeAll(async () => {
  browser = await startBrowser();
  browserWithoutFonts = await startBrowser({ ...findBrowser(), fontconfig: emptyFontconfig() });
}, 120_000);
afterAll(() => Promise.all([browser.close(), browserWithoutFonts.close()]));

/** A configuration that names no folder of fonts. */
function emptyFontconfig(): string {
  const path = join(freshFolder(), 'fonts.conf');
  writeFileSync(
    path,
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>',
  );
  return path;
}

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
  inBrowser = browser,
): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
  const path = join(freshFolder(), 'report.html');
  writeFileSync(path, renderPage(report));
  const page = await inBrowser.newPage();
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

  describe.each([
    ['with the fonts that are installed', () => browser],
    ['without any font', () => browserWithoutFonts],
  ])('%s', (_, inBrowser) => {
    // WCAG 2.2 asks for 320 px (1.4.10), and that a reader may space letters out so far (1.4.12): wider than any usual font.
    test.each([
      ['a telephone', 360, 0],
      ['a small telephone', 320, 0],
      ['a small telephone with letters spaced out', 320, 0.12],
    ])('fits %s without scrolling sideways', async (_device, width, letterSpacingEm) => {
      const { page } = await open(fullReport(), width, inBrowser());
      await page.evaluate(`document.querySelectorAll("details").forEach((details) => { details.open = true; });
        document.body.style.letterSpacing = "${letterSpacingEm}em";`);
      // Names what sticks out, since the page's width alone tells nobody where to look.
      const tooWide = await page.evaluate(`[...document.querySelectorAll("body *")]
        .filter((element) => !element.closest("details.data table, svg *") && element.getBoundingClientRect().right > ${width})
        .map((element) => element.tagName + "." + element.getAttribute("class") + " " + element.getBoundingClientRect().right)`);
      expect(tooWide).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await page.close();
    });
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
