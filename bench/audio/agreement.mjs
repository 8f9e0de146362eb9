// What both sides must agree on, or the race is void.

/** The bounds of the golden fixtures (test/unit/recordings/audio/features/golden.test.ts). */
function waveformTolerance(name, expected) {
  const share = name.startsWith('spectral_contrast_7') ? 1e-2 : 1e-4;
  const rounding = name.startsWith('mfcc') ? 1e-5 : 1e-9;
  return share * Math.abs(expected) + rounding;
}

/** Median distance of a file's features, in training standard deviations: two decoders, two resamplers. */
const FILE_BOUND = { wav: 0.05, mp3: 0.2, m4a: 0.2, opus: 0.2 };

/** @returns the features of one waveform that differ by more than their tolerance, in words */
export function compareWaveforms(names, clips, ours, theirs) {
  return clips.flatMap(({ path }, clip) =>
    names.flatMap((name, i) => {
      const [got, expected] = [ours[clip][i], theirs[clip][i]];
      if (Math.abs(got - expected) <= waveformTolerance(name, expected)) return [];
      return [`${name} of ${path} is ${got}, the peer has ${expected}`];
    }),
  );
}

/** @returns `{medians, wrong}`: by format the largest median distance in training standard deviations */
export function compareFiles(manifest, names, clips, ours, theirs) {
  const deviation = new Map(manifest.features.map(({ name, std }) => [name, std]));
  const medians = {};
  clips.forEach(({ format }, clip) => {
    const distances = names.flatMap((name, i) => {
      const std = deviation.get(name);
      return std > 0 ? [Math.abs(ours[clip][i] - theirs[clip][i]) / std] : [];
    });
    medians[format] = Math.max(medians[format] ?? 0, median(distances));
  });
  const wrong = Object.entries(medians)
    .filter(([format, distance]) => !(distance <= FILE_BOUND[format]))
    .map(
      ([format, distance]) =>
        `${format} files are ${distance} training deviations apart, at most ${FILE_BOUND[format]} are allowed`,
    );
  return { medians, wrong };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
