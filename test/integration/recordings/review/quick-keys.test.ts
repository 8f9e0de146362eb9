import { readFileSync } from 'node:fs';
import {
  element,
  end,
  get,
  goTo,
  open,
  passTime,
  placeOf,
  says,
  serve,
  setUpReviews,
  text,
} from './reviews.js';

setUpReviews();

/** Verdicts of a reviewer's CSV in the order in which they were given. */
const verdicts = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[1]!);

/** In one go, so that the later ones come while the first is being saved. */
const keys = (...names: string[]): string =>
  `for (const key of ${JSON.stringify(names)}) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))`;

describe('keys that come fast', () => {
  test('correct a verdict that is being saved', async () => {
    const served = await serve('corrected.csv');
    const { page } = await open(served.url);
    await goTo(page, placeOf(1));
    await page.evaluate(keys('n', 'u', 'a'));
    await says(page, `Recording ${placeOf(1) + 1} is anomalous, saved. 4 left.`);
    expect(verdicts(served.out)).toEqual(['anomalous']);
    expect(await get(page, 'document.querySelector("[aria-pressed=true]").dataset.verdict')).toBe(
      'anomalous',
    );
    // The page goes on, and the correction is of the one that was heard.
    await goTo(page, placeOf(2));
    await page.click('#go-on');
    await page.evaluate(keys('a', 'n'));
    await says(page, `Recording ${placeOf(2) + 1} is normal, saved. 3 left.`);
    expect(verdicts(served.out)).toEqual(['anomalous', 'normal']);
    await page.close();
    await end(served);
  });

  test('do not judge the next recording, which nobody has heard, when they bounce', async () => {
    const served = await serve('bounced.csv', {}, ['--top', '0', '--random', '5', '--random-from', 'all']);
    const { page } = await open(served.url);
    await page.click('#go-on');
    const first = await text(page, 'title');
    await page.evaluate('{ const now = performance.now(); performance.now = () => now; }');
    const press = async (): Promise<void> => {
      await page.waitForFunction(`${element('waiting')}.hidden`);
      await page.keyboard.press('u');
    };
    await press();
    await page.waitForFunction(`${element('title')}.textContent !== ${JSON.stringify(first)}`);
    await press();
    await says(page, 'has only begun: judge it when you have heard it.');
    expect(verdicts(served.out)).toEqual(['unsure']);
    await passTime(page);
    await press();
    await says(page, 'saved. 3 left.');
    expect(verdicts(served.out)).toEqual(['unsure', 'unsure']);
    await page.close();
    await end(served);
  });
});

test('a sample drawn from all says so, before a verdict and after it', async () => {
  const served = await serve('from-all.csv', {}, ['--random', '5', '--random-from', 'all']);
  const { page } = await open(served.url);
  expect(await text(page, 'help')).toContain('These recordings were drawn by chance from all of the date.');
  expect(await text(page, 'help')).not.toContain('most anomalous');
  await goTo(page, placeOf(1));
  await page.keyboard.press('a');
  await page.waitForFunction(`!${element('reasons')}.hidden`);
  expect(await text(page, 'reasons')).toMatch(/The model: anomaly.*Drawn by chance from all\.Result/);
  await page.close();
  await end(served);

  const usual = await serve('usual.csv');
  const opened = await open(usual.url);
  expect((await text(opened.page, 'help')).replace(/\s+/g, ' ')).toContain(
    "Some of these recordings are the model's most anomalous ones, the others were drawn by chance from those that it took for normal; which is which is shown after your verdict.",
  );
  await opened.page.close();
  await end(usual);
});
