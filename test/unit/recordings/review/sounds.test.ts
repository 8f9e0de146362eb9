import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioNotFound } from '../../../../src/pipelines/recordings/errors.js';
import { createSounds, type Sounds } from '../../../../src/pipelines/recordings/review/sound/sounds.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';

let folder: string;
let fetched: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vachan-sounds-'));
  fetched = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process that answers as the real one does: with a wave, or with the failure that the recording's bytes name. */
const PROCESS = `
const { readFileSync } = require('node:fs');
process.once('message', ({ path }) => {
  const text = readFileSync(path, 'utf8');
  if (text === 'crash') process.exit(1);
  const answer = text.startsWith('fail:') ? { failure: text.slice(5) } : { wave: Buffer.from(text), picture: { seconds: 1 } };
  process.send(answer, undefined, undefined, () => process.exit(0));
});`;

function sounds(fetchAudio: (address: string, path: string) => Promise<unknown>): Sounds {
  const entry = join(folder, 'process.cjs');
  writeFileSync(entry, PROCESS);
  return createSounds({
    entry,
    folder,
    fetchAudio: (address, path) => {
      fetched.push(address);
      return fetchAudio(address, path);
    },
    limits: { maxSeconds: 600, maxChannels: 8 },
    timeoutMs: 60_000,
    signal: new AbortController().signal,
  });
}
const put = (text: string) => (_: string, path: string) => {
  writeFileSync(path, text);
  return Promise.resolve();
};

describe('sounds', () => {
  test('are fetched once for who asks several times, also at the same time, and lie nowhere afterwards', async () => {
    const all = sounds(put('wave'));
    const [one, two] = await Promise.all([all.get('a'), all.get('a')]);
    expect(one).toBe(two);
    expect(await all.get('a')).toMatchObject({ picture: { seconds: 1 } });
    expect(fetched).toEqual(['a']);
    expect(readdirSync(folder)).toEqual(['process.cjs']);
  });

  test('that were heard long ago make room', async () => {
    const all = sounds(put('wave'));
    for (const address of ['a', 'b', 'c', 'd', 'a', 'e']) await all.get(address);
    expect(fetched).toEqual(['a', 'b', 'c', 'd', 'e']);
    await all.get('a');
    await all.get('b');
    expect(fetched).toEqual(['a', 'b', 'c', 'd', 'e', 'b']);
  });

  test.each([
    ['is gone', () => Promise.reject(new AudioNotFound('s3://bucket/child-7')), 'there is no such object.'],
    ['is no audio', put('fail:AudioUndecodable'), 'it is no audio that the decoder knows, or it is damaged.'],
    ['ends its process', put('crash'), 'the process that decoded it died or hung.'],
    ['fails in a new way', put('fail:RangeError'), 'it failed with RangeError.'],
    [
      'cannot be fetched just now',
      () => Promise.reject(new DependencyUnavailable('No credentials')),
      'No credentials.',
    ],
  ])(
    'of a recording that %s are a sentence, and tried again when asked again',
    async (_, fetchAudio, why) => {
      const all = sounds(fetchAudio);
      expect(await all.get('a')).toEqual({ unplayable: `This recording cannot be played: ${why}` });
      await all.get('a');
      expect(fetched).toEqual(['a', 'a']);
      expect(readdirSync(folder)).toEqual(['process.cjs']);
    },
  );
});
