import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBrowser } from '../../../../src/pipelines/recordings/cli/review/open-browser.js';
import { vachan } from '../../shared/cli/run-vachan.js';
import { until } from '../../../until.js';
import {
  AMR,
  browser,
  element,
  end,
  get,
  GONE,
  goTo,
  NO_AUDIO,
  open,
  passTime,
  placeOf,
  says,
  seeded,
  serve,
  settled,
  setUpReviews,
  text,
} from './reviews.js';
import { TEST_DATE } from './seeded-results.js';

setUpReviews();

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

/** A command whose disk has no room for what is written through file handles while a file lies there. */
function fillableDisk(): { full: string; environment: Record<string, string> } {
  const full = join(seeded.folder, 'full');
  const preload = join(seeded.folder, 'fill-disk.cjs');
  writeFileSync(
    preload,
    `const { existsSync } = require('node:fs');
     require('node:fs/promises').open(__filename).then(async (some) => {
       const handles = Object.getPrototypeOf(some);
       await some.close();
       const { writeFile } = handles;
       handles.writeFile = async function (...args) {
         if (existsSync(${JSON.stringify(full)})) throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
         return writeFile.apply(this, args);
       };
     });`,
  );
  return { full, environment: { NODE_OPTIONS: `--require ${preload}` } };
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
      await passTime(resumed.page);
      const unplayable = await get<boolean>(resumed.page, `!${element('unplayable')}.hidden`);
      await resumed.page.keyboard.press(unplayable ? 'u' : 'n');
      await says(resumed.page, left === 0 ? 'All are judged.' : `${left} left.`);
    }
    expect(await text(resumed.page, 'done-title')).toBe('All 5 are judged');
    await resumed.page.click('#finish');
    await says(resumed.page, 'The review has ended.');
    const { code, stderr } = await again.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('5 verdicts: 1 normal, 1 anomalous, 3 unsure.');
    expect(stderr).toContain(`Next: vachan evaluate --test-date ${TEST_DATE} --verdicts ${again.out}\n`);
    // The next command is one that works.
    const next = ['evaluate', '--test-date', TEST_DATE, '--verdicts', again.out, '--json'];
    const evaluated = await vachan(next, seeded.environment);
    expect(evaluated).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ left_out: { unsure: 3, not_found: 0 } });
    expect(rows(again.out).sort()).toEqual([
      [1, 'anomalous', 'top'],
      [2, 'normal', 'top'],
      [3, 'unsure', 'random'],
      [4, 'unsure', 'random'],
      [5, 'unsure', 'random'],
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
      // Nobody has heard it.
      await page.keyboard.press('n');
      await says(page, 'be unsure, or go on');
      expect(await get(page, 'document.querySelectorAll(".verdict:not(:disabled)").length')).toBe(1);
    }
    // Which no browser plays, but what was decoded here.
    await goTo(page, placeOf(AMR));
    await page.waitForFunction(`${element('audio')}.duration > 5 && ${element('audio')}.currentTime > 0`);
    await page.close();
    const { code, stderr } = await end(served);
    expect(code).toBe(3);
    expect(stderr).toContain('No verdict was given');
  });

  test('does not show a verdict as saved that is not, and goes on when the disk does', async () => {
    const folder = join(seeded.folder, 'goes-away');
    mkdirSync(folder);
    const served = await serve(join('goes-away', 'review.csv'));
    const { page } = await open(served.url);
    await goTo(page, placeOf(1));
    rmSync(folder, { recursive: true });
    await page.keyboard.press('a');
    await page.waitForFunction(`!${element('alert')}.hidden`);
    expect(await text(page, 'alert')).toMatch(
      /was not saved\. .*review\.csv cannot be written: there is no folder .*goes-away\.$/,
    );
    expect(await get(page, 'document.querySelectorAll("[aria-pressed=true]").length')).toBe(0);
    expect(await text(page, 'judged')).toBe('0 of 5 judged');
    expect(await get(page, `${element('reasons')}.hidden`)).toBe(true);
    mkdirSync(folder);
    await page.keyboard.press('a');
    await says(page, 'is anomalous, saved. 4 left.');
    expect(await get(page, `${element('alert')}.hidden`)).toBe(true);
    expect(rows(served.out)).toEqual([[1, 'anomalous', 'top']]);
    await page.close();
    await end(served);
  });

  test('keeps what was given when the disk is full, says so, and takes the verdict when there is room', async () => {
    const folder = join(seeded.folder, 'fills-up');
    mkdirSync(folder);
    const { full, environment } = fillableDisk();
    const served = await serve(join('fills-up', 'review.csv'), environment);
    const { page } = await open(served.url);
    await goTo(page, placeOf(1));
    await page.keyboard.press('a');
    await says(page, 'is anomalous, saved. 4 left.');
    writeFileSync(full, '');
    await goTo(page, placeOf(2));
    // Also one that takes the place of another.
    for (const [index, key] of [
      [2, 'n'],
      [1, 'n'],
    ] as const) {
      await goTo(page, placeOf(index));
      await page.keyboard.press(key);
      await page.waitForFunction(`!${element('alert')}.hidden`);
      expect(await text(page, 'alert')).toBe(
        `The verdict on recording ${placeOf(index) + 1} was not saved. ${served.out} cannot be written: the disk is full.`,
      );
      expect(await text(page, 'judged')).toBe('1 of 5 judged');
      expect(rows(served.out)).toEqual([[1, 'anomalous', 'top']]);
      expect(readdirSync(folder).sort()).toEqual(['review.csv', 'review.csv.lock']);
    }
    expect(await get(page, 'document.querySelector("[aria-pressed=true]").dataset.verdict')).toBe(
      'anomalous',
    );
    rmSync(full);
    await goTo(page, placeOf(2));
    await page.keyboard.press('n');
    await says(page, 'is normal, saved. 3 left.');
    expect(await get(page, `${element('alert')}.hidden`)).toBe(true);
    await page.close();
    expect((await end(served)).stderr).toContain('2 verdicts: 1 normal, 1 anomalous');
    expect(rows(served.out)).toEqual([
      [1, 'anomalous', 'top'],
      [2, 'normal', 'top'],
    ]);
  });

  test("is opened by a file that leads to it, whose page the server takes for a stranger's", async () => {
    const served = await serve('opened.csv');
    await openBrowser(served.url, seeded.folder, { DISPLAY: ':0', PATH: '' }, 'linux');
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(seeded.folder, 'review.html')).href);
    await page.waitForFunction('document.getElementById("title")?.textContent === "Recording 1 of 5"');
    expect(page.url()).toBe(served.url);
    await page.close();
    await end(served);
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
    // The next one is fetched ahead, and cannot be played: that alone may be refused.
    expect(placeOf(NO_AUDIO)).toBe(placeOf(2) + 1);
    const refused = `${served.url}recordings/${placeOf(NO_AUDIO)}`;
    expect(
      complaints.filter(({ text: said, url }) => !(said.includes('status of 422') && url === refused)),
    ).toEqual([]);
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
    expect(
      complaints.filter(({ text: said }) => /Content Security Policy/.test(said)).length,
    ).toBeGreaterThanOrEqual(3);
    await page.close();
    await end(served);
  });
});
