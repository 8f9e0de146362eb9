import type { AudioPart } from '../../contract/audio-part.js';

/** What kind of sound was heard for how long. */
export interface HeardSound {
  /** Where the sound so far ends by its samples, in seconds on the container's clock; undefined before the first. */
  readonly end: number | undefined;
  /** @param start seconds, of the first sample or of one behind a gap; undefined where it follows on */
  add(piece: { samples: number; rate: number; channels: number }, start: number | undefined): void;
  summary(): Pick<AudioPart, 'start' | 'end' | 'heard_seconds' | 'rate' | 'channels'>;
}

export function startHeardSound(): HeardSound {
  let first = 0;
  /** Samples of one rate without a gap, and when they begin: counted, since sums of seconds depend on how the sound is cut. */
  let run: { start: number; samples: number; rate: number } | undefined;
  const kinds = new Map<string, { rate: number; channels: number; samples: number }>();

  const endOf = ({ start, samples, rate }: { start: number; samples: number; rate: number }): number =>
    start + samples / rate;
  const end = (): number | undefined => (run === undefined ? undefined : endOf(run));
  return {
    get end() {
      return end();
    },
    add({ samples, rate, channels }, start) {
      if (run === undefined) first = start ?? 0;
      if (run === undefined || start !== undefined || run.rate !== rate) {
        run = { start: start ?? end() ?? 0, samples: 0, rate };
      }
      run.samples += samples;
      const key = `${rate} ${channels}`;
      const kind = kinds.get(key) ?? { rate, channels, samples: 0 };
      kinds.set(key, { ...kind, samples: kind.samples + samples });
    },
    summary() {
      const all = [...kinds.values()].map((kind) => ({ ...kind, seconds: kind.samples / kind.rate }));
      const { rate, channels } = all.reduce((a, b) => (b.seconds > a.seconds ? b : a));
      const heard = all.reduce((sum, { seconds }) => sum + seconds, 0);
      return { start: first, end: end() ?? first, heard_seconds: heard, rate, channels };
    },
  };
}
