import type { SoundSection } from './container/sound-facts.js';

/** What FFmpeg is told to open. */
export interface SectionInput {
  /** Of the file that it is a part of. */
  path: string;
  url: string;
  /** Protocols that it needs, for FFmpeg's list of those allowed. */
  protocols: string;
  /** Unset, FFmpeg finds out. */
  demuxer?: string;
  samples?: { sampleRate: number; channels: number };
}

/** The whole file, or a section of it. */
export function sectionInput(path: string, section?: SoundSection): SectionInput {
  if (!section) return { path, url: `file:${path}`, protocols: 'file' };
  const { start, end, format, samples } = section;
  return {
    path,
    url: `subfile,,start,${start},end,${end},,:file:${path}`,
    protocols: 'subfile,file',
    ...(format !== undefined && { demuxer: format }),
    ...(samples && { samples }),
  };
}
