/** Seconds between two looks that wake-ups bring about, at first and once there were many. */
const BETWEEN_LOOKS = { first: 5, last: 60 };
/** Looks until the pause begins to grow, and until it is as long as that of looks without a wake-up. */
const GROWS = { from: 100, to: 300 };

/** Looks without any wake-up: what one that was lost costs at most. */
export const LOOK_EVERY_SECONDS = 60;

/** A wake-up that tells of all open files brings a look about at once, so that short jobs end soon. */
export const LAST_LOOK_SECONDS = 1;

/**
 * The least pause before the next look that a wake-up brings about.
 *
 * Wake-ups bring about 300 looks of a job at most: from then on they change nothing, as it looks every minute anyway.
 *
 * @param looks that were made
 * @returns seconds
 */
export function pauseBeforeLook(looks: number): number {
  const { first, last } = BETWEEN_LOOKS;
  const grown = Math.min(1, Math.max(0, (looks - GROWS.from) / (GROWS.to - GROWS.from)));
  return Math.round(first + (last - first) * grown);
}
