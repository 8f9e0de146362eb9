/** Milliseconds that never go back; only differences mean anything. */
export type Clock = () => number;

/**
 * A clock for judging whether something may have run out elsewhere: it moves on by the larger of what the monotonic
 * and the wall clock say. The monotonic one stops while a machine is suspended; the wall clock may be set
 * back. Where they disagree, more time counts as passed, which can only make the caller more careful.
 */
export function carefulClock(
  monotonic: Clock = () => performance.now(),
  wall: Clock = () => Date.now(),
): Clock {
  let elapsedMs = 0;
  let lastMonotonic = monotonic();
  let lastWall = wall();
  return () => {
    const nowMonotonic = monotonic();
    const nowWall = wall();
    elapsedMs += Math.max(0, nowMonotonic - lastMonotonic, nowWall - lastWall);
    lastMonotonic = nowMonotonic;
    lastWall = nowWall;
    return elapsedMs;
  };
}
