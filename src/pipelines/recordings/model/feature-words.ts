import { movementWords } from './movement-words.js';

/** What it sounds like when a feature is above or below the training readings: each completes "… than a normal reading". */
export interface Words {
  above: string;
  below: string;
}

/** Lower edges of the spectral contrast bands in hertz: octaves from 200 Hz, and everything below. */
const CONTRAST_EDGES_HZ = [0, 200, 400, 800, 1600, 3200, 6400, 11_025];

const WORDS: Readonly<Record<string, Words>> = {
  rms_mean: { above: 'louder', below: 'quieter' },
  rms_std: { above: 'more uneven in loudness', below: 'flatter in loudness' },
  mfcc_1_mean: { above: 'louder', below: 'quieter' },
  mfcc_1_std: { above: 'more uneven in loudness', below: 'flatter in loudness' },
  zero_crossing_rate_mean: { above: 'hissier', below: 'deeper, more like a hum' },
  zero_crossing_rate_std: { above: 'more changeable between hiss and voice', below: 'more monotonous' },
  spectral_centroid_mean: { above: 'brighter', below: 'duller' },
  spectral_centroid_std: { above: 'more changeable in brightness', below: 'more monotonous' },
  spectral_bandwidth_mean: { above: 'wider in frequency', below: 'narrower in frequency, more like a tone' },
  spectral_bandwidth_std: { above: 'more changeable in width of frequency', below: 'more monotonous' },
  spectral_rolloff_mean: { above: 'brighter', below: 'duller' },
  spectral_rolloff_std: { above: 'more changeable in brightness', below: 'more monotonous' },
  spectral_flatness_mean: { above: 'more like noise', below: 'more like a pure tone' },
  spectral_flatness_std: { above: 'more changeable between noise and voice', below: 'more monotonous' },
  duration_seconds: { above: 'longer', below: 'shorter' },
  silence_ratio: { above: 'more silent', below: 'less pausing' },
  clipping_ratio: { above: 'more cut off by overload', below: 'less cut off by overload' },
};

/** Said of features that are close to the mean, each alone, while all of them together are not. */
export const UNREMARKABLE = 'an unusual combination of features, none of which stands out alone';

/** Below this many standard deviations a feature is unremarkable alone; it counts through its company. */
const REMARKABLE = 1.5;
/** From here on nobody would call it a matter of taste. */
const CLEAR = 3;
const STRONG = 6;

/** What a person hears in a deviation. */
export interface Impression {
  /** For the person who listens to the recording next: "much quieter than a normal reading". */
  description: string;
  /** The same without its degree, and what would be the contrary: "quieter", "louder". */
  says: string;
  contrary: string;
}

/** A deviation, in training standard deviations, as a person hears it. */
export function impressionOf(feature: string, deviation: number): Impression {
  const size = Math.abs(deviation);
  if (size < REMARKABLE) return { description: UNREMARKABLE, says: UNREMARKABLE, contrary: '' };
  const { above, below } = wordsFor(feature);
  const degree = size < CLEAR ? 'somewhat' : size < STRONG ? 'clearly' : 'much';
  const [says, contrary] = deviation > 0 ? [above, below] : [below, above];
  return { description: `${degree} ${says} than a normal reading`, says, contrary };
}

function wordsFor(feature: string): Words {
  const known = WORDS[feature];
  if (known !== undefined) return known;
  const moving = movementWords(feature);
  if (moving !== undefined) return moving;
  const contrast = /^spectral_contrast_(\d)_(mean|std)$/.exec(feature);
  if (contrast !== null) {
    const where = `between ${CONTRAST_EDGES_HZ[Number(contrast[1]) - 1]} and ${CONTRAST_EDGES_HZ[Number(contrast[1])]} Hz`;
    return contrast[2] === 'mean'
      ? { above: `more sharply peaked ${where}`, below: `more blurred ${where}` }
      : { above: `more changeable ${where}`, below: `steadier ${where}` };
  }
  if (/^mfcc_delta_\d+_std$/.test(feature)) return { above: 'quicker to change', below: 'slower to change' };
  if (/^mfcc_delta_\d+_mean$/.test(feature))
    return {
      above: 'more different at its end from its start',
      below: 'more different at its end from its start',
    };
  if (/^mfcc_\d+_std$/.test(feature)) return { above: 'more changeable in timbre', below: 'more monotonous' };
  if (/^mfcc_\d+_mean$/.test(feature))
    return { above: 'more unusual in timbre', below: 'more unusual in timbre' };
  const name = plainName(feature);
  return { above: `higher in ${name}`, below: `lower in ${name}` };
}

function plainName(feature: string): string {
  return feature.replaceAll('_', ' ');
}
