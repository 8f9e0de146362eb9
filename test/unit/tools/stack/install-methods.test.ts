import { firstThatWorks, NoMethodWorks } from '../../../../tools/stack/install-methods.js';

const silent = (): void => undefined;

describe('the ways to come by a server', () => {
  test('are tried in order, and the first that works is taken', async () => {
    const tried: string[] = [];
    const way = (name: string, value: string | undefined) => ({
      name,
      find: () => {
        tried.push(name);
        return value;
      },
    });
    const found = await firstThatWorks(
      'X',
      [way('a', undefined), way('b', 'here'), way('c', 'late')],
      silent,
    );
    expect(found).toEqual({ value: 'here', method: 'b' });
    expect(tried).toEqual(['a', 'b']);
  });

  test('that fail are reported, and the next is tried', async () => {
    const lines: string[] = [];
    const found = await firstThatWorks(
      'X',
      [
        { name: 'download', find: () => Promise.reject(new Error('no network\ndetails')) },
        { name: 'other', find: () => 1 },
      ],
      (line) => lines.push(line),
    );
    expect(found.value).toBe(1);
    expect(lines).toEqual(['X: download did not work (no network)']);
  });

  test('are all listed with their reasons when none works', async () => {
    const failing = firstThatWorks(
      'MongoDB',
      [
        { name: 'PATH', find: () => undefined },
        { name: 'download', find: () => Promise.reject(new Error('no network')) },
      ],
      silent,
    );
    await expect(failing).rejects.toThrow(NoMethodWorks);
    await expect(failing).rejects.toThrow(
      'No way to get MongoDB. Tried:\n  - PATH: not there\n  - download: no network',
    );
  });
});
