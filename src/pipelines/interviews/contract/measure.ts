import type { Coverage } from './audio-measures.js';
import type { Engine } from './audio-part.js';

/** What every group of measures of the picture says of itself. */
export interface Measure {
  /** The model, or `vachan` for a rule of our own. */
  engine: Engine;
  /** How much of what it speaks of could be measured: each group says of what. */
  coverage: Coverage;
}

/** Of values over time, by the seconds that each stands for; null where there was none. */
export interface Spread {
  median: number | null;
  /** Percentiles 5 and 95. */
  low: number | null;
  high: number | null;
}
