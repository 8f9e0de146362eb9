import { createPatience } from '../../../../tools/chaos/patience.js';

test('patience lasts as long as something gets done, and runs out when nothing does', () => {
  let now = 0;
  const patience = createPatience(60, () => now);
  for (let row = 0; row < 10; row += 1) {
    now += 50_000;
    patience.saw(`${row} rows`);
    expect(patience.isOver()).toBe(false);
  }
  now += 50_000;
  patience.saw('9 rows');
  expect(patience.isOver()).toBe(false);
  now += 20_000;
  expect(patience.isOver()).toBe(true);
});
