import { fileWithin, type Bytes } from './bytes.js';
import {
  checkSections,
  shifted,
  type FactsReader,
  type SoundFacts,
  type SoundSection,
} from './sound-facts.js';

/** The first of the files that a file may be made of. */
export interface FirstFile {
  facts: SoundFacts;
  /** Where another could begin, at the earliest. */
  next: number;
}

/**
 * Some recorders append one whole file to another. FFmpeg plays the first only, or reads the second with the first one's
 * parameters; so each is a section.
 *
 * @param readFirst walks the first file, whatever follows it
 * @param findNext where a whole file begins, at `from` or later
 */
export function concatenated(
  readFirst: (bytes: Bytes) => FirstFile,
  findNext: (bytes: Bytes, from: number) => number | undefined,
): FactsReader {
  return (bytes) => {
    const parts: { start: number; facts: SoundFacts }[] = [];
    let start: number | undefined = 0;
    while (start !== undefined) {
      checkSections(parts.length + 1);
      const { facts, next } = readFirst(start === 0 ? bytes : fileWithin(bytes, start));
      parts.push({ start, facts: shifted(facts, start) });
      start = findNext(bytes, start + next);
    }
    if (parts.length === 1) return parts[0]!.facts;
    return joined(parts, bytes.size);
  };
}

/** What is known of several files is what is known of each. */
function joined(parts: readonly { start: number; facts: SoundFacts }[], end: number): SoundFacts {
  const soundBytes = sumOf(parts.map(({ facts }) => facts.soundBytes));
  const statedSeconds = sumOf(parts.map(({ facts }) => facts.statedSeconds));
  const { statedEnd } = parts.at(-1)!.facts;
  return {
    ...(statedEnd !== undefined && { statedEnd }),
    ...(statedSeconds !== undefined && { statedSeconds }),
    ...(soundBytes !== undefined && { soundBytes }),
    sections: parts.flatMap(
      ({ start, facts }, index): readonly SoundSection[] =>
        facts.sections ?? [{ start, end: parts[index + 1]?.start ?? end }],
    ),
  };
}

function sumOf(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (sum, value) => (sum === undefined || value === undefined ? undefined : sum + value),
    0,
  );
}
