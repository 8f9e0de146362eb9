import type { Bytes } from './bytes.js';
import { oggPages, type OggPage } from './ogg-pages.js';
import { checkSections, type SoundFacts } from './sound-facts.js';

const SOUND_SIGNATURES = ['OpusHead', '\x01vorbis', '\x7fFLAC', 'Speex   '];

/** One logical stream. */
interface Stream {
  isSound: boolean;
  hasEnded: boolean;
  /** Bytes of packets with sound. */
  soundBytes: number;
  /** Bytes of pages that end no packet, of which the next one decides. */
  pendingBytes: number;
}

/** Streams that begin together; the next ones begin where these end. */
interface Link {
  start: number;
  streams: Map<number, Stream>;
}

/**
 * Ogg: a row of pages, each of which says how long it is. Links of a chain (a radio's next song, a second recording) are sections, since
 * FFmpeg refuses to go on with other parameters.
 */
export function oggFacts(bytes: Bytes): SoundFacts {
  const links: Link[] = [];
  let statedEnd: number | undefined;
  let areBeginning = false;
  for (const page of oggPages(bytes)) {
    if (page.isFirst && !areBeginning) links.push({ start: page.start, streams: new Map() });
    areBeginning = page.isFirst;
    const link = links.at(-1);
    if (page.isFirst) link?.streams.set(page.serial, newStream(bytes, page));
    const stream = link?.streams.get(page.serial);
    if (page.end > bytes.size && isOfSound(stream, link)) statedEnd = page.end;
    if (stream) takePage(stream, page, bytes.size);
  }
  const sounding = links.filter((link) => soundStreams(link).some((stream) => stream.soundBytes > 0));
  checkSections(sounding.length);
  const sections = sounding.map(({ start }) => {
    const next = links[links.findIndex((link) => link.start === start) + 1];
    return { start, end: next?.start ?? bytes.size, format: 'ogg' };
  });
  // Of several streams one is decoded, whichever.
  const isKnown = sounding.length > 0 && sounding.every((link) => soundStreams(link).length === 1);
  const soundBytes = sounding.flatMap(soundStreams).reduce((sum, stream) => sum + stream.soundBytes, 0);
  return {
    ...(statedEnd !== undefined && { statedEnd }),
    ...(isKnown && { soundBytes }),
    ...(links.length > 1 && sections.length > 0 && { sections }),
  };
}

function soundStreams({ streams }: Link): Stream[] {
  return [...streams.values()].filter(({ isSound }) => isSound);
}

function newStream({ at }: Bytes, { contentAt }: OggPage): Stream {
  const signature = at(contentAt, 8).toString('latin1');
  const isSound = SOUND_SIGNATURES.some((known) => signature.startsWith(known));
  return { isSound, hasEnded: false, soundBytes: 0, pendingBytes: 0 };
}

/** Whether what a cut page lacks is sound: not if it is another stream's, and the sound's own streams have ended. */
function isOfSound(stream: Stream | undefined, link: Link | undefined): boolean {
  if (!stream || stream.isSound || !link) return true;
  return [...link.streams.values()].some(({ isSound, hasEnded }) => isSound && !hasEnded);
}

function takePage(stream: Stream, page: OggPage, size: number): void {
  if (page.isLast) stream.hasEnded = true;
  if (!stream.isSound || page.isFirst) return;
  stream.pendingBytes += Math.max(0, Math.min(page.end, size) - page.contentAt);
  if (page.isOpen) return;
  // Headers and tags, with a cover or without, end at zero.
  if (!page.isAtZero) stream.soundBytes += stream.pendingBytes;
  stream.pendingBytes = 0;
}
