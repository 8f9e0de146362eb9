/** One section of a recording, decoded; most recordings are one. */
export interface DecodedSection {
  /** Mono, at the rate of analysis. */
  samples: Float32Array;
  seconds: number;
  /** Bytes of sound that the decoder was given. */
  readBytes: number;
  /** FFmpeg's error, when reading ended in one. */
  readFailure?: number;
  codec: string;
  sampleRate: number;
  channels: number;
}

/** One after the other. A recording's codec, rate and channels are those of its first section. */
export function joinSections(sections: readonly DecodedSection[]): {
  samples: Float32Array;
  readBytes: number;
  first: DecodedSection;
} {
  const [first] = sections;
  if (!first) throw new Error('A recording has at least one section');
  const readBytes = sections.reduce((sum, section) => sum + section.readBytes, 0);
  if (sections.length === 1) return { samples: first.samples, readBytes, first };
  const samples = new Float32Array(sections.reduce((sum, section) => sum + section.samples.length, 0));
  let offset = 0;
  for (const section of sections) {
    samples.set(section.samples, offset);
    offset += section.samples.length;
  }
  return { samples, readBytes, first };
}
