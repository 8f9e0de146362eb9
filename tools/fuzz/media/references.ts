import type { Mutation } from '../mutations.js';

/** Bytes by which a container is known, so that what follows is read as one. */
const DISGUISES = [
  Buffer.alloc(0),
  Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1'),
  Buffer.from('\x1a\x45\xdf\xa3', 'latin1'),
  Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'),
];
/** How FFmpeg's demuxers are told where else to read: HLS, DASH, concat, SDP, and text by which a file is merely named. */
const PLAYLISTS: readonly ((reference: string) => string)[] = [
  (reference) => `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${reference}\n#EXT-X-ENDLIST\n`,
  (reference) => `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${reference}"\n#EXTINF:9,\n${reference}\n`,
  (reference) => `ffconcat version 1.0\nfile '${reference}'\n`,
  (reference) =>
    `<?xml version="1.0"?><MPD><Period><AdaptationSet><BaseURL>${reference}</BaseURL></AdaptationSet></Period></MPD>`,
  (reference) => `v=0\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\na=control:${reference}\n`,
  (reference) => reference,
];
/** MP4's data references; "url " says by a flag that the media are in the same file. */
const DATA_REFERENCES = ['url ', 'urn ', 'alis', 'rmra', 'rdrf'].map((name) => Buffer.from(name, 'latin1'));

/** Has a file name places that it must not lead anybody to. */
export function referring(references: readonly string[]): Mutation {
  return (original, random) => {
    const reference = random.pick(references);
    const at = original.indexOf('url ', 0, 'latin1');
    if (at >= 0 && random.below(2) === 0) {
      const mutant = Buffer.from(original);
      random.pick(DATA_REFERENCES).copy(mutant, at);
      // No flag: somewhere else.
      Buffer.from(`\0\0\0\0${reference}\0`, 'latin1').copy(mutant, at + 4);
      return mutant;
    }
    const text = Buffer.from(random.pick(PLAYLISTS)(reference));
    if (random.below(2) === 0) return Buffer.concat([random.pick(DISGUISES), text]);
    const into = random.below(original.length);
    return Buffer.concat([original.subarray(0, into), text, original.subarray(into)]);
  };
}
