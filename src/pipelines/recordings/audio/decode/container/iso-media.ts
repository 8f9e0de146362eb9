import type { Bytes } from './bytes.js';
import { concatenated, type FirstFile } from './concatenated.js';
import { played } from './edit-list.js';
import { boxAt, boxes, type Box } from './iso-boxes.js';
import { sampleSpan } from './sample-table.js';
import { TOLERATED_MISSING_SHARE, type SoundFacts } from './sound-facts.js';

/** Boxes that belong to the sound: media, index, fragment. What else a file ends within is not missed. */
const OF_SOUND: ReadonlySet<string> = new Set(['mdat', 'moov', 'moof']);
/** What a file may begin with: those of QuickTime need no `ftyp`. */
const FIRST_BOXES: ReadonlySet<string> = new Set([
  'ftyp',
  'styp',
  'moov',
  'mdat',
  'free',
  'skip',
  'wide',
  'pnot',
  'moof',
  'sidx',
]);

/** @param head a file's first bytes */
export const isIsoMedia = (head: string): boolean => FIRST_BOXES.has(head.slice(4, 8));

/**
 * MP4, M4A, 3GP and QuickTime. An index (`moov`) says where each sample of the sound lies, and nothing else counts once it is there; a
 * file in fragments, or one without its index yet, ends where its boxes do.
 */
export const isoMediaFacts = concatenated(firstMovie, (bytes, from) => {
  for (const { type, start } of boxes(bytes, from, bytes.size)) if (type === 'ftyp') return start;
  return undefined;
});

function firstMovie(bytes: Bytes): FirstFile {
  const { size } = bytes;
  let moov: Box | undefined;
  let overflowing: Box | undefined;
  let isFragmented = false;
  let mediaBytes = 0;
  let next = size;
  for (const box of boxes(bytes, 0, size)) {
    // Another file's.
    if (box.type === 'ftyp' && box.start > 0 && moov) {
      next = box.start;
      break;
    }
    const isOfSound = OF_SOUND.has(box.type);
    if (box.end > size) {
      if (isOfSound) overflowing = box;
      break;
    }
    if (box.type === 'moov') moov ??= box;
    if (box.type === 'moof') isFragmented = true;
    if (box.type === 'mdat') mediaBytes += box.end - box.contentAt;
  }
  if (overflowing?.type === 'moof') isFragmented = true;
  const indexed = moov && !isFragmented ? indexedSound(bytes, moov) : undefined;
  return { facts: indexed ?? unindexedSound(), next };

  function unindexedSound(): SoundFacts {
    const isCut =
      overflowing && (isFragmented || !moov || overflowing.end - size > TOLERATED_MISSING_SHARE * size);
    if (isCut) return { statedEnd: overflowing!.end };
    // Each fragment's media belongs to the tracks that there are; of one, to it.
    const isOneTrack = moov && tracksOf(bytes, moov).length === 1;
    return isFragmented && isOneTrack ? { soundBytes: mediaBytes } : {};
  }
}

function tracksOf(bytes: Bytes, moov: Box): Box[] {
  return [...boxes(bytes, moov.contentAt, moov.end)].filter(({ type }) => type === 'trak');
}

function isSound(bytes: Bytes, track: Box): boolean {
  const handler = boxAt(bytes, track, 'mdia', 'hdlr');
  return handler !== undefined && bytes.at(handler.contentAt + 8, 4).toString('latin1') === 'soun';
}

function indexedSound(bytes: Bytes, moov: Box): SoundFacts | undefined {
  const tracks = tracksOf(bytes, moov).filter((track) => isSound(bytes, track));
  const spans = tracks.flatMap((track) => {
    const stbl = boxAt(bytes, track, 'mdia', 'minf', 'stbl');
    const span = stbl && sampleSpan(bytes, stbl);
    return span ? [span] : [];
  });
  if (spans.length === 0 || spans.length < tracks.length) return undefined;
  const statedEnd = Math.max(...spans.map(({ end }) => end));
  // Of several tracks one is chosen, whichever.
  if (tracks.length > 1) return { statedEnd };
  const { seconds, isWhole } = played(bytes, tracks[0]!, moov);
  return {
    statedEnd,
    ...(isWhole && { soundBytes: spans[0]!.bytes }),
    ...(seconds !== undefined && { playedSeconds: seconds }),
  };
}
