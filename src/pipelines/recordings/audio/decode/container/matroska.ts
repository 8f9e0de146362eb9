import { find, type Bytes } from './bytes.js';
import { concatenated, type FirstFile } from './concatenated.js';
import { ebmlElement } from './ebml.js';
import { clusterWalk, type ClusterWalk } from './matroska-cluster.js';
import { MAX_ELEMENTS, TOLERATED_MISSING_SHARE, type SoundFacts } from './sound-facts.js';

const ID = {
  segment: 0x18538067,
  tracks: 0x1654ae6b,
  track: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  cluster: 0x1f43b675,
} as const;
/** What may stand in a segment beside tracks and clusters: SeekHead, Info, Cues, Chapters, Attachments, Tags, Void, CRC-32. */
const OTHERS: ReadonlySet<number> = new Set([
  0x114d9b74, 0x1549a966, 0x1c53bb6b, 0x1043a770, 0x1941a469, 0x1254c367, 0xec, 0xbf,
]);
const EBML_SIGNATURE = Buffer.from([0x1a, 0x45, 0xdf, 0xa3]);
const AUDIO = 2;

/**
 * Matroska and WebM. Lengths may be left open at every level: of the segment, and of its clusters; blocks always have one. A file that
 * ends within the index or the tags behind the clusters lacks no sound. The segment's duration is not looked at: it is of all
 * tracks, counts pauses, and web pages write into it what a clock showed.
 */
export const matroskaFacts = concatenated(firstSegment, (bytes, from) => {
  const start = find(bytes, EBML_SIGNATURE, from);
  return start !== undefined && segmentOf(bytes, start) ? start : undefined;
});

function segmentOf(
  bytes: Bytes,
  start: number,
): { contentAt: number; length: number | undefined } | undefined {
  const header = ebmlElement(bytes, start);
  if (header?.length === undefined) return undefined;
  const segment = ebmlElement(bytes, header.contentAt + header.length);
  return segment?.id === ID.segment ? segment : undefined;
}

function firstSegment(bytes: Bytes): FirstFile {
  const { size } = bytes;
  const segment = segmentOf(bytes, 0);
  if (!segment) return { facts: {}, next: size };
  const segmentEnd = segment.length === undefined ? undefined : segment.contentAt + segment.length;
  const end = Math.min(segmentEnd ?? size, size);
  let tracks: ReadonlyMap<number, boolean> = new Map();
  let clusters: ClusterWalk | undefined;
  /** A file that ends here lacks the clusters that would follow. */
  let endsInSound = true;
  let offset = segment.contentAt;
  for (let elements = 0; offset < end && elements < MAX_ELEMENTS; elements++) {
    const element = ebmlElement(bytes, offset);
    if (!element) break;
    const elementEnd = element.length === undefined ? undefined : element.contentAt + element.length;
    if (element.id === ID.cluster) {
      clusters ??= clusterWalk(bytes, tracks);
      offset = clusters.walk(element.contentAt, elementEnd);
      endsInSound = true;
      if (clusters.missingEnd() !== undefined) break;
      continue;
    }
    const isTracks = element.id === ID.tracks;
    if (elementEnd === undefined || !(isTracks || OTHERS.has(element.id))) break;
    if (isTracks) tracks = readTracks(bytes, element.contentAt, Math.min(elementEnd, size));
    endsInSound = clusters === undefined;
    if (elementEnd > size) break;
    offset = elementEnd;
  }
  return { facts: facts(), next: segmentEnd ?? offset };

  function facts(): SoundFacts {
    const lacksClusters =
      segmentEnd !== undefined && endsInSound && segmentEnd - size > TOLERATED_MISSING_SHARE * size;
    const statedEnd = clusters?.missingEnd() ?? (lacksClusters ? segmentEnd : undefined);
    const isOne = [...tracks.values()].filter(Boolean).length === 1;
    const soundBytes = isOne ? clusters?.soundBytes() : undefined;
    return {
      ...(statedEnd !== undefined && { statedEnd }),
      ...(soundBytes !== undefined && { soundBytes }),
    };
  }
}

/** By number, whether it is one of sound. */
function readTracks(bytes: Bytes, start: number, end: number): ReadonlyMap<number, boolean> {
  const tracks = new Map<number, boolean>();
  for (const track of children(bytes, start, end)) {
    if (track.id !== ID.track) continue;
    let number = 0;
    let type = 0;
    for (const { id, contentAt, length } of children(
      bytes,
      track.contentAt,
      track.contentAt + track.length,
    )) {
      if (length < 1 || length > 4) continue;
      if (id === ID.trackNumber) number = bytes.at(contentAt, length).readUIntBE(0, length);
      if (id === ID.trackType) type = bytes.at(contentAt, length).readUIntBE(0, length);
    }
    tracks.set(number, type === AUDIO);
  }
  return tracks;
}

function* children(
  bytes: Bytes,
  start: number,
  end: number,
): Generator<{ id: number; contentAt: number; length: number }> {
  let offset = start;
  while (offset < end) {
    const element = ebmlElement(bytes, offset);
    if (element?.length === undefined || element.contentAt + element.length > end) return;
    yield { id: element.id, contentAt: element.contentAt, length: element.length };
    offset = element.contentAt + element.length;
  }
}
