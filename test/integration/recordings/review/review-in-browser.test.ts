import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { inPlayingOrder } from '../../../../src/pipelines/recordings/review/sample.js';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { startBrowser } from '../../browser.js';
import { freshBucket, s3Client } from '../../embedded-stack.js';
import { startVachan, type StartedVachan } from '../../shared/cli/run-vachan.js';
import { until } from '../../../until.js';
import { resultId, seedResults, TEST_DATE, type Seeded } from './seeded-results.js';

const SAMPLE = [1, 2, 3, 4, 5];
/** Indices of results in the order in which the default seed plays them, and what each is. */
const ORDER = inPlayingOrder(
  1,
  SAMPLE.map((index) => ({ id: resultId(index), index })),
).map(({ index }) => index);
const placeOf = (index: number): number => ORDER.indexOf(index);
const [GONE, NO_AUDIO] = [4, 5];

let browser: Browser;
let seeded: Seeded;
beforeAll(async () => {
  const bucket = await freshBucket();
  const s3 = s3Client();
  const put = (Key: string, Body: Buffer): Promise<unknown> =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  await put('child-1.ogg', readFileSync(join(projectRoot(), 'samples', 'hi-story-1.ogg')));
  await put('child-5.wav', Buffer.from('this is no audio at all'));
  s3.destroy();
  const at = (name: string): string => `s3://${bucket}/${name}`;
  seeded = await seedResults([
    { index: 1, score: 0.9, address: at('child-1.ogg') },
    { index: 2, score: 0.8, address: at('child-1.ogg') },
    { index: 3, score: 0.3, address: at('child-1.ogg') },
    { index: GONE, score: 0.2, address: at('gone.ogg') },
    { index: NO_AUDIO, score: 0.1, address: at('child-5.wav') },
    { index: 6, score: 0.95, address: at('child-1.ogg'), testDate: '2025-12-21' },
  ]);
  browser = await startBrowser();
}, 120_000);
const started = new Set<StartedVachan>();
afterEach(() => {
  for (const { process } of started) process.kill('SIGKILL');
  started.clear();
});
afterAll(() => browser.close());

interface Served extends StartedVachan {
  url: string;
  out: string;
}

async function serve(name: string, ...args: string[]): Promise<Served> {
  const out = join(seeded.folder, name);
  const review = startVachan(
    ['review', TEST_DATE, '--no-open', '--top', '2', '--out', out, ...args],
    seeded.environment,
  );
  started.add(review);
  return { ...review, url: await review.firstLine(), out };
}

async function end(served: Served): Promise<{ code: number | null; stderr: string }> {
  served.process.kill('SIGINT');
  return served.ended;
}

interface Opened {
  page: Page;
  requests: string[];
  complaints: string[];
}

async function open(url: string, width = 1280): Promise<Opened> {
  const page = await browser.newPage();
  const [requests, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.setViewport({ width, height: 900 });
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForFunction('document.getElementById("judged").textContent !== ""');
  await settled(page);
  return { page, requests, complaints };
}

const element = (id: string): string => `document.getElementById(${JSON.stringify(id)})`;
const get = <T>(page: Page, expression: string): Promise<T> => page.evaluate(expression) as Promise<T>;
const text = (page: Page, id: string): Promise<string> => get(page, `${element(id)}.textContent`);
const says = (page: Page, words: string): Promise<unknown> =>
  page.waitForFunction(`${element('status')}.textContent.includes(${JSON.stringify(words)})`);
/** Until the recording can be heard, or is known not to be. */
const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction(`${element('recording')}.hidden || ${element('waiting')}.hidden`);

/** By the arrow keys. */
async function goTo(page: Page, place: number): Promise<void> {
  const at = async (): Promise<number> => Number(/\d+/.exec(await text(page, 'title'))?.[0]) - 1;
  while ((await at()) !== place) {
    await page.keyboard.press((await at()) < place ? 'ArrowRight' : 'ArrowLeft');
  }
  await settled(page);
}

async function axe(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations, passes } = await get<AxeResults>(page, 'axe.run()');
  expect(passes.length).toBeGreaterThan(10);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Rows of a reviewer's CSV: index of the result, verdict and sample. */
function rows(path: string): [number, string, string][] {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(header).toBe('result_document_id,verdict,sample,reviewed_at');
  return lines.map((line) => {
    const [id, verdict, sample, at] = line.split(',') as [string, string, string, string];
    expect(new Date(at).toISOString()).toBe(at);
    return [parseInt(id, 16), verdict, sample];
  });
}

describe('a review in a browser', () => {
  test('is given by keyboard, each verdict on disk before the reasons are shown, and resumed after a kill', async () => {
    const served = await serve('by-keyboard.csv');
    const { page } = await open(served.url);
    expect(await text(page, 'title')).toBe('Recording 1 of 5');

    await goTo(page, placeOf(2));
    await goTo(page, placeOf(1));
    expect(await text(page, 'reasons')).toBe('');
    expect(await get(page, 'document.activeElement.id')).toBe('title');
    await page.waitForFunction(`${element('audio')}.duration > 1 && ${element('audio')}.currentTime > 0`);
    await page.keyboard.press('Space');
    expect(await get(page, `${element('audio')}.paused`)).toBe(true);
    await page.keyboard.press('n');
    await says(page, `Recording ${placeOf(1) + 1} is normal, saved. 4 left.`);
    expect(rows(served.out)).toEqual([[1, 'normal', 'top']]);
    expect(statSync(served.out).mode & 0o777).toBe(0o600);
    await page.waitForFunction(`!${element('reasons')}.hidden`);
    expect(await text(page, 'reasons')).toMatch(
      /^The model: anomaly, 0\.900 against a threshold of 0\.5clearly quieter \(70 %\)One of the highest/,
    );

    // A verdict may be given again.
    await page.keyboard.press('a');
    await says(page, `Recording ${placeOf(1) + 1} is anomalous, saved. 4 left.`);
    await goTo(page, placeOf(3));
    await page.keyboard.press('u');
    await says(page, 'is unsure, saved. 3 left.');
    expect(rows(served.out)).toEqual([
      [1, 'anomalous', 'top'],
      [3, 'unsure', 'random'],
    ]);
    served.process.kill('SIGKILL');
    await served.ended;
    await page.keyboard.press('n');
    await page.waitForFunction(`!${element('alert')}.hidden`);
    expect(await text(page, 'alert')).toMatch(/was not saved\. The review does not answer/);
    expect(await text(page, 'judged')).toBe('2 of 5 judged');
    await page.close();

    // A killed one's lock is good for a while.
    const again = await until(() => serve('by-keyboard.csv').catch(() => undefined));
    const resumed = await open(again.url);
    await says(resumed.page, '2 were judged before');
    await resumed.page.click('#go-on');
    for (const left of [2, 1, 0]) {
      await settled(resumed.page);
      await resumed.page.keyboard.press('n');
      await says(resumed.page, left === 0 ? 'All are judged.' : `${left} left.`);
    }
    expect(await text(resumed.page, 'done-title')).toBe('All 5 are judged');
    await resumed.page.click('#finish');
    await says(resumed.page, 'The review has ended.');
    const { code, stderr } = await again.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('5 verdicts: 3 normal, 1 anomalous, 1 unsure.');
    expect(stderr).toContain(`Next: vachan evaluate --test-date ${TEST_DATE} --verdicts ${again.out}\n`);
    expect(rows(again.out).sort()).toEqual([
      [1, 'anomalous', 'top'],
      [2, 'normal', 'top'],
      [3, 'unsure', 'random'],
      [4, 'normal', 'random'],
      [5, 'normal', 'random'],
    ]);
    await resumed.page.close();
  });

  test('says in a sentence why a recording cannot be played, and goes on', async () => {
    const served = await serve('unplayable.csv');
    const { page } = await open(served.url);
    for (const [index, why] of [
      [GONE, 'This recording cannot be played: there is no such object.'],
      [NO_AUDIO, 'This recording cannot be played: it is no audio that the decoder knows, or it is damaged.'],
    ] as const) {
      await goTo(page, placeOf(index));
      expect(await text(page, 'why')).toBe(why);
      expect(await get(page, `${element('audio')}.hidden`)).toBe(true);
    }
    await page.close();
    const { code, stderr } = await end(served);
    expect(code).toBe(3);
    expect(stderr).toContain('No verdict was given');
  });

  test('asks its own server alone, runs its own script alone, and names nobody', async () => {
    const served = await serve('requests.csv');
    const { page, requests, complaints } = await open(served.url);
    await goTo(page, placeOf(2));
    await page.keyboard.press('a');
    await says(page, 'saved');
    await page.waitForFunction(`!${element('reasons')}.hidden`);
    const own = new URL(served.url);
    const foreign = requests.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(served.url));
    expect(foreign).toEqual([]);
    expect(own.hostname).toBe('127.0.0.1');
    expect(requests.join(' ')).not.toMatch(/[0-9a-f]{64}|student|child|document-/);
    expect(complaints).toEqual([]);
    expect(await page.content()).not.toMatch(/student|child-|document-|27010100101|s3:/);

    // Whatever else got into the page would be held by its policy.
    const escapes = await get<string[]>(
      page,
      `Promise.all([
        fetch('http://localhost:1/').then(() => 'fetched', () => 'refused'),
        new Promise((resolve) => { const image = new Image(); image.onload = () => resolve('loaded'); image.onerror = () => resolve('refused'); image.src = 'http://127.0.0.1:1/x.png'; }),
        new Promise((resolve) => { const script = document.createElement('script'); script.textContent = 'window.hacked = 1'; document.body.append(script); resolve(window.hacked === undefined ? 'refused' : 'ran'); }),
      ])`,
    );
    expect(escapes).toEqual(['refused', 'refused', 'refused']);
    expect(complaints.filter((text) => /Content Security Policy/.test(text)).length).toBeGreaterThanOrEqual(
      3,
    );
    await page.close();
    await end(served);
  });

  test.each(['light', 'dark'])('has nothing that axe finds against it, in %s', async (scheme) => {
    const served = await serve(`axe-${scheme}.csv`);
    const { page } = await open(served.url);
    await page.setBypassCSP(true);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.reload({ waitUntil: 'load' });
    await settled(page);
    expect(await axe(page)).toEqual([]);
    await goTo(page, placeOf(GONE));
    expect(await axe(page)).toEqual([]);
    await goTo(page, placeOf(1));
    await page.keyboard.press('a');
    await page.waitForFunction(`!${element('reasons')}.hidden`);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('?');
    expect(await get(page, `${element('help')}.open`)).toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await goTo(page, SAMPLE.length - 1);
    await page.keyboard.press('ArrowRight');
    expect(await text(page, 'done-title')).toBe('4 of 5 have no verdict');
    expect(await axe(page)).toEqual([]);
    await page.close();
    await end(served);
  });

  test.each([360, 320])('fits a telephone of %i pixels without scrolling sideways', async (width) => {
    const served = await serve(`narrow-${width}.csv`);
    const { page } = await open(served.url, width);
    await goTo(page, placeOf(1));
    await page.keyboard.press('n');
    await page.waitForFunction(`!${element('reasons')}.hidden`);
    expect(await get(page, 'document.documentElement.scrollWidth')).toBe(width);
    await page.keyboard.press('?');
    expect(await get(page, 'document.documentElement.scrollWidth')).toBe(width);
    await page.close();
    await end(served);
  });

  test('leaves its keys to who turns them off', async () => {
    const served = await serve('keys.csv');
    const { page } = await open(served.url);
    await page.keyboard.press('?');
    await page.click('#keys-on');
    await page.keyboard.press('Escape');
    const before = await text(page, 'title');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('n');
    expect([await text(page, 'title'), await text(page, 'judged')]).toEqual([before, '0 of 5 judged']);
    await page.close();
    await end(served);
  });
});
