import { orStop } from '../../../../tools/stack/or-stop.js';

test('what was started for a work that fails is stopped before anybody hears of it', async () => {
  const done: string[] = [];
  const stop = async (): Promise<void> => {
    await Promise.resolve();
    done.push('stopped');
  };
  expect(await orStop(Promise.resolve(1), stop)).toBe(1);
  expect(done).toEqual([]);
  const failing = orStop(Promise.reject(new Error('no seed')), stop).finally(() => done.push('told'));
  await expect(failing).rejects.toThrow('no seed');
  expect(done).toEqual(['stopped', 'told']);
});
