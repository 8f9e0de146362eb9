import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { renderInterviewPage } from '#vachan/pipelines/interviews/report/page/page.js';
import { job } from '../../../unit/interviews/results/factories.js';
import { interviewReport, medium } from '../../../unit/interviews/report/factories.js';
import { startBrowser } from '../../browser.js';
import { freshFolder } from '../../embedded-stack.js';

const HOSTILE = '"><script>window.hacked=1</script><img src=x onerror="window.hacked=2">\u202egnp';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
}, 120_000);
afterAll(() => browser.close());

async function open(width = 1200): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
  const report = interviewReport({
    interviewId: HOSTILE,
    media: [medium(HOSTILE), medium()],
    jobs: [
      job({ status: '3', questions: [{ text: HOSTILE }] }),
      job({
        job_id: 'f'.repeat(24),
        key: HOSTILE,
        status: '2',
        error_type: 'MediaRefused',
        error_message: HOSTILE,
      }),
    ],
  });
  const path = join(freshFolder(), 'report.html');
  writeFileSync(path, renderInterviewPage(report));
  const page = await browser.newPage();
  const [requests, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.setViewport({ width, height: 800 });
  await page.goto(pathToFileURL(path).href, { waitUntil: 'load' });
  await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
  return { page, requests, complaints };
}

describe('the page of an interview in a browser', () => {
  it('asks for nothing but itself, runs nothing, and has nothing to complain of', async () => {
    const { page, requests, complaints } = await open();

    expect(requests).toEqual([page.url()]);
    expect(complaints).toEqual([]);
    expect(
      await page.evaluate('[window.hacked === undefined, document.scripts.length, document.images.length]'),
    ).toEqual([true, 0, 0]);
    expect(await page.evaluate('document.querySelector("h1").textContent')).toContain('<script>');
    await page.close();
  });

  it.each(['light', 'dark'])('has nothing that axe finds against it, in %s', async (scheme) => {
    const { page } = await open();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));

    const { violations, passes } = (await page.evaluate('axe.run()')) as AxeResults;

    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
    expect(passes.length).toBeGreaterThan(10);
    await page.close();
  });

  it.each([360, 320])('fits a telephone of %d px without scrolling sideways', async (width) => {
    const { page } = await open(width);

    const tooWide = await page.evaluate(`[...document.querySelectorAll("body *")]
      .filter((element) => !element.closest(".scrolls, svg *") && element.getBoundingClientRect().right > ${width})
      .map((element) => element.tagName + "." + element.getAttribute("class"))`);
    expect(tooWide).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.close();
  });

  it('draws every span of the timeline where it belongs', async () => {
    const { page } = await open();

    const spans =
      (await page.evaluate(`[...document.querySelector("svg.timeline").querySelectorAll("rect:not(.track)")]
      .map((rect) => [rect.getAttribute("class"), rect.querySelector("title").textContent])`)) as string[][];

    expect(spans).toEqual([
      ['usual', '0:00.0 to 0:02.0: 1 face'],
      ['notable', '0:02.0 to 0:03.0: no face'],
      ['more', '0:03.0 to 0:04.0: 2 faces'],
      ['notable', '0:00.5 to 0:01.5: head turned left'],
      ['usual', '0:00.0 to 0:01.0: speech'],
      ['usual', '0:02.0 to 0:03.0: speech'],
      ['quiet', '0:01.0 to 0:02.0: pause'],
    ]);
    expect(await page.evaluate('document.querySelectorAll("svg.timeline polygon").length')).toBe(2);
    await page.close();
  });
});
