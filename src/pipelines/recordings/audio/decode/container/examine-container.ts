import { closeSync, openSync } from 'node:fs';
import { AudioEmpty, AudioTruncated } from '../../../errors.js';
import { aiffFacts, cafFacts } from './aiff.js';
import { narrowAmrFacts, wideAmrFacts } from './amr.js';
import { bytesOf, fileWithin, type Bytes } from './bytes.js';
import { flacFacts } from './flac.js';
import { findFrameRow, frameRowFacts } from './frame-row.js';
import { isIsoMedia, isoMediaFacts } from './iso-media.js';
import { matroskaFacts } from './matroska.js';
import { oggFacts } from './ogg.js';
import { riffFacts } from './riff.js';
import { shifted, type FactsReader, type SoundFacts } from './sound-facts.js';
import { leadingTagsEnd } from './tags.js';

/** As Latin-1 text. */
const EBML = '\x1aE\xdf\xa3';

const BY_SIGNATURE: readonly [signature: RegExp, read: FactsReader][] = [
  [/^(?:RIFF|RIFX|RF64|BW64)[^]{4}WAVE/, riffFacts],
  [/^FORM[^]{4}AIF[FC]/, aiffFacts],
  [/^caff/, cafFacts],
  [/^OggS/, oggFacts],
  [/^fLaC/, flacFacts],
  [new RegExp(`^${EBML}`), matroskaFacts],
  [/^#!AMR\n/, narrowAmrFacts],
  [/^#!AMR-WB\n/, wideAmrFacts],
];

function readFacts(bytes: Bytes): SoundFacts {
  const start = leadingTagsEnd(bytes);
  const head = bytes.at(start, 16).toString('latin1');
  const read = BY_SIGNATURE.find(([signature]) => signature.test(head))?.[1];
  if (read) return start === 0 ? read(bytes) : shifted(read(fileWithin(bytes, start)), start);
  if (isIsoMedia(head)) return start === 0 ? isoMediaFacts(bytes) : {};
  const row = findFrameRow(bytes, start);
  return row ? frameRowFacts(row.format, row.start)(bytes) : {};
}

/**
 * Looks at a file before it is decoded: decoders read a cut file as a shorter recording without a word, and stop where they do not
 * understand what follows. What can be known of which format, and what cannot, is told in docs/audio-formats.md.
 *
 * @throws AudioEmpty when it holds no bytes
 * @throws AudioTruncated when it ends before its container says that its sound does
 * @throws AudioUndecodable when its samples are of a kind that does not exist, or it is made of too many parts
 */
export function examineContainer(path: string): SoundFacts {
  const file = openSync(path, 'r');
  try {
    const bytes = bytesOf(file);
    if (bytes.size === 0) throw new AudioEmpty('Audio file holds 0 bytes');
    const facts = readFacts(bytes);
    if (facts.statedEnd !== undefined && facts.statedEnd > bytes.size) {
      throw new AudioTruncated(
        `Audio file holds ${bytes.size} bytes, but its container states ${facts.statedEnd}`,
      );
    }
    return facts;
  } finally {
    closeSync(file);
  }
}
