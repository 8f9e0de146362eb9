// Moments of a recording at which the level falls away: holes, and ends of the reading.

/** 0 up to `low`, 1 from `high`, straight between. */
@inline
function ramp(value: f64, low: f64, high: f64): f64 {
  return max(0.0, min(1.0, (value - low) / (high - low)));
}

/** How much of the reading a step before a fall is, by its level in decibels. */
@inline
function inReading(level: f64): f64 {
  return ramp(level, -35, -25);
}

/**
 * Falls that a rise follows soon.
 *
 * @param levels decibels of steps, float64
 * @param falls of `count` steps
 * @param following for each fall how much of a rise follows it, 0 to 1
 * @param to receives two float64: how many in each of `seconds`, and how many of them out of the reading
 */
export function holes(
  levels: usize,
  falls: usize,
  following: usize,
  count: i32,
  low: f64,
  high: f64,
  seconds: f64,
  to: usize,
): void {
  let all: f64 = 0;
  let ofReading: f64 = 0;
  const end: usize = 8 * count;
  for (let at: usize = 0; at < end; at += 8) {
    const fall = load<f64>(falls + at);
    // Most steps do not fall.
    if (fall <= low) continue;
    const hole = ramp(fall, low, high) * load<f64>(following + at);
    all += hole;
    ofReading += hole * inReading(load<f64>(levels + at));
  }
  store<f64>(to, all / seconds);
  store<f64>(to, ofReading / seconds, 8);
}

/** Sum over the falls, of `count` levels, out of the reading to what is `quiet`. */
export function cutOffs(levels: usize, quiet: usize, count: i32, low: f64, high: f64): f64 {
  let sum: f64 = 0;
  for (const end = levels + 8 * count; levels < end; levels += 8, quiet += 8) {
    const level = load<f64>(levels);
    const fall = level - load<f64>(quiet);
    if (fall > low) sum += ramp(fall, low, high) * inReading(level);
  }
  return sum;
}
