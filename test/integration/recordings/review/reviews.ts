import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Browser, Page } from 'puppeteer-core';
import { inPlayingOrder } from '../../../../src/pipelines/recordings/review/sample.js';
import { projectRoot } from '../../../../tools/stack/folders.js';
import { startBrowser } from '../../browser.js';
import { freshBucket, s3Client } from '../../embedded-stack.js';
import { startVachan, type StartedVachan } from '../../shared/cli/run-vachan.js';
import { resultId, seedResults, TEST_DATE, type Seeded } from './seeded-results.js';

export const SAMPLE = [1, 2, 3, 4, 5];
/** Indices of results in the order in which the default seed plays them, and what each is. */
export const ORDER = inPlayingOrder(
  1,
  SAMPLE.map((index) => ({ id: resultId(index), index })),
).map(({ index }) => index);
export const placeOf = (index: number): number => ORDER.indexOf(index);
export const [AMR, GONE, NO_AUDIO] = [3, 4, 5];

export let browser: Browser;
export let seeded: Seeded;
const started = new Set<StartedVachan>();

/** Has results to review before the tests of a file, and a browser; ends what a test has started and not ended. */
export function setUpReviews(): void {
  beforeAll(async () => {
    await seed();
    browser = await startBrowser();
  }, 120_000);
  afterEach(() => {
    for (const { process } of started) process.kill('SIGKILL');
    started.clear();
  });
  afterAll(() => browser.close());
}

async function seed(): Promise<void> {
  const bucket = await freshBucket();
  const s3 = s3Client();
  const put = (Key: string, Body: Buffer): Promise<unknown> =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  await put('child-1.ogg', readFileSync(join(projectRoot(), 'samples', 'hi-story-1.ogg')));
  await put('child-3.amr', readFileSync(join(projectRoot(), 'samples', 'mr-story-5.amr')));
  await put('child-5.wav', Buffer.from('this is no audio at all'));
  s3.destroy();
  const at = (name: string): string => `s3://${bucket}/${name}`;
  seeded = await seedResults([
    { index: 1, score: 0.9, address: at('child-1.ogg') },
    { index: 2, score: 0.8, address: at('child-1.ogg') },
    { index: AMR, score: 0.3, address: at('child-3.amr') },
    { index: GONE, score: 0.2, address: at('gone.ogg') },
    { index: NO_AUDIO, score: 0.1, address: at('child-5.wav') },
    { index: 6, score: 0.95, address: at('child-1.ogg'), testDate: '2025-12-21' },
  ]);
}

export interface Served extends StartedVachan {
  url: string;
  out: string;
}

export async function serve(
  name: string,
  environment: Record<string, string> = {},
  sample: readonly string[] = ['--top', '2'],
): Promise<Served> {
  const out = join(seeded.folder, name);
  const review = startVachan(['review', TEST_DATE, '--no-open', ...sample, '--out', out], {
    ...seeded.environment,
    ...environment,
  });
  started.add(review);
  return { ...review, url: await review.firstLine(), out };
}

export async function end(served: Served): Promise<{ code: number | null; stderr: string }> {
  served.process.kill('SIGINT');
  return served.ended;
}

export interface Opened {
  page: Page;
  requests: string[];
  /** What the browser's console says, and of which address. */
  complaints: { text: string; url: string }[];
}

export async function open(url: string, width = 1280): Promise<Opened> {
  const page = await browser.newPage();
  const requests: string[] = [];
  const complaints: Opened['complaints'] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) =>
    complaints.push({ text: message.text(), url: message.location().url ?? '' }),
  );
  page.on('pageerror', (error) => complaints.push({ text: String(error), url: '' }));
  await page.setViewport({ width, height: 900 });
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForFunction('document.getElementById("judged").textContent !== ""');
  await settled(page);
  return { page, requests, complaints };
}

export const element = (id: string): string => `document.getElementById(${JSON.stringify(id)})`;
export const get = <T>(page: Page, expression: string): Promise<T> => page.evaluate(expression) as Promise<T>;
export const text = (page: Page, id: string): Promise<string> => get(page, `${element(id)}.textContent`);
export const says = (page: Page, words: string): Promise<unknown> =>
  page.waitForFunction(`${element('status')}.textContent.includes(${JSON.stringify(words)})`);
/** Until the recording can be heard, or is known not to be. */
export const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction(`${element('recording')}.hidden || ${element('waiting')}.hidden`);

/** So that a key which comes now is none that bounced when the page went on. */
export const passTime = (page: Page): Promise<unknown> =>
  page.evaluate('{ const later = performance.now() + 60_000; performance.now = () => later; }');

/** By the arrow keys. */
export async function goTo(page: Page, place: number): Promise<void> {
  const at = async (): Promise<number> => Number(/\d+/.exec(await text(page, 'title'))?.[0]) - 1;
  while ((await at()) !== place) {
    await page.keyboard.press((await at()) < place ? 'ArrowRight' : 'ArrowLeft');
  }
  await settled(page);
}
