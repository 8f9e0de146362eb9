import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasIndex, sniff, SNIFF_BYTES } from '../../../../src/pipelines/interviews/media/input/sniff.js';

const fixtures = join(__dirname, '..', '..', '..', 'fixtures');
const interviews = join(fixtures, 'interviews');
const recordings = join(fixtures, 'audio', 'files');
const headOf = (path: string): Buffer => readFileSync(path).subarray(0, SNIFF_BYTES);

test.each([
  [join(interviews, 'c02_faststart_twin.mp4'), { container: 'mov', fragmented: false }],
  [join(interviews, 'c02_moov_at_end.mp4'), { container: 'mov', fragmented: false }],
  [join(interviews, 'c02_fragmented_twin.mp4'), { container: 'mov', fragmented: true }],
  [join(interviews, 'c12_hevc.mov'), { container: 'mov', fragmented: false }],
  [join(interviews, 'c01_mediarecorder_live.webm'), { container: 'matroska', fragmented: false }],
  [join(interviews, 'c12_h264.mkv'), { container: 'matroska', fragmented: false }],
  [join(recordings, 'speech.wav'), { container: 'wav', fragmented: false }],
  [join(recordings, 'speech.mp3'), { container: 'mp3', fragmented: false }],
  [join(recordings, 'speech.ogg'), { container: 'ogg', fragmented: false }],
  [join(recordings, 'speech.flac'), { container: 'flac', fragmented: false }],
  [join(recordings, 'speech.aac'), { container: 'aac', fragmented: false }],
  [join(recordings, 'speech.latm'), { container: 'loas', fragmented: false }],
  [join(recordings, 'speech.amr'), { container: 'amr', fragmented: false }],
  [join(recordings, 'speech.aiff'), { container: 'aiff', fragmented: false }],
  [join(recordings, 'speech.caf'), { container: 'caf', fragmented: false }],
  [join(recordings, 'speech.3gp'), { container: 'mov', fragmented: false }],
])('%s is known by its first bytes', (path, expected) => {
  expect(sniff(headOf(path))).toEqual(expected);
});

test.each([
  ['a playlist of HLS', '#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nfile:///etc/passwd\n'],
  ['a playlist of DASH', '<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1/</BaseURL></MPD>'],
  ['a list for concat', "ffconcat version 1.0\nfile '/etc/passwd'\n"],
  ['a picture', '\x89PNG\r\n\x1a\n'],
  ['an AVI', 'RIFF\x10\0\0\0AVI LIST'],
  ['four bytes', 'abcd'],
  ['nothing', ''],
])('%s is no known container', (_what, text) => {
  expect(sniff(Buffer.from(text, 'latin1'))).toBeUndefined();
});

test('behind a tag of ID3 lies what follows it', () => {
  const tag = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 20, ...new Array<number>(20).fill(0)]);
  expect(sniff(Buffer.concat([tag, Buffer.from([0xff, 0xf1, 0x50, 0x80])]))?.container).toBe('aac');
  expect(sniff(Buffer.concat([tag, Buffer.from([0xff, 0xfb, 0x50, 0x80])]))?.container).toBe('mp3');
  expect(sniff(Buffer.concat([tag, Buffer.from('fLaC')]))?.container).toBe('flac');
});

test.each([
  ['c02_moov_at_end.mp4', true],
  ['c08_cut_no_moov.mp4', false],
])('whether %s has its index is found by its boxes', async (name, expected) => {
  const bytes = readFileSync(join(interviews, name));
  const readAll = (at: number, length: number): Promise<Buffer> =>
    Promise.resolve(bytes.subarray(at, at + length));
  await expect(hasIndex(bytes.length, readAll)).resolves.toBe(expected);
});
