// What the pitches of a clip's frames say about its voices.

/** How well a pitch fits where there is a voice, and a second where there is a second: from, and by how much further. */
const VOICE_FIT: f64 = 0.15;
const VOICE_RANGE: f64 = 0.35 - 0.15;
const SECOND_FIT: f64 = 0.2;
const SECOND_RANGE: f64 = 0.4 - 0.2;
const PITCHES_PER_OCTAVE: f64 = 36;

/** A pitch of a group of four: its place, the best pitch's fit 16 bytes on, another's 32. */
@inline
function placeOf(pitches: usize, i: i32): usize {
  return pitches + 48 * <usize>(i >> 2) + 4 * <usize>(i & 3);
}

@inline
function octavesOf(pitches: usize, i: i32): f64 {
  return <f64>load<i32>(placeOf(pitches, i)) / PITCHES_PER_OCTAVE;
}

@inline
function share(value: f64): f64 {
  return max(0.0, min(1.0, value));
}

@inline
function mean(weighted: f64, weights: f64): f64 {
  return weights > 1e-6 ? weighted / weights : 0;
}

/**
 * @param pitches as `findPitches` writes them
 * @param activity of every frame a float64: how much it belongs to the reading
 * @param stride frames from one pitch to the next
 * @param voicing work space of `count` float64
 * @param to receives nine float64: voiced share; fit of active frames, of voiced ones; fit of the second pitch, share that has one; the
 * pitch in octaves above the lowest, its spread; its mean change, share of jumps
 */
export function voiceStatistics(
  pitches: usize,
  activity: usize,
  stride: usize,
  count: i32,
  voicing: usize,
  to: usize,
): void {
  let active: f64 = 0;
  let clearSum: f64 = 0;
  let activeFit: f64 = 0;
  let voiced: f64 = 0;
  let fit: f64 = 0;
  let second: f64 = 0;
  let strong: f64 = 0;
  let octaves: f64 = 0;
  for (let i = 0; i < count; i++) {
    const at = placeOf(pitches, i);
    const weight = load<f64>(activity + 8 * stride * <usize>i);
    const fits = <f64>load<f32>(at, 16);
    const fitsSecond = <f64>load<f32>(at, 32);
    const clear = share((fits - VOICE_FIT) / VOICE_RANGE);
    const voice = clear * weight;
    store<f64>(voicing + 8 * <usize>i, voice);
    active += weight;
    clearSum += weight * clear;
    activeFit += weight * fits;
    voiced += voice;
    fit += voice * fits;
    second += voice * fitsSecond;
    strong += voice * share((fitsSecond - SECOND_FIT) / SECOND_RANGE);
    octaves += voice * octavesOf(pitches, i);
  }
  store<f64>(to, mean(clearSum, active));
  store<f64>(to, mean(activeFit, active), 8);
  store<f64>(to, mean(fit, voiced), 16);
  store<f64>(to, mean(second, voiced), 24);
  store<f64>(to, mean(strong, voiced), 32);
  const middle = mean(octaves, voiced);
  store<f64>(to, middle, 40);

  let spread: f64 = 0;
  for (let i = 0; i < count; i++) {
    const distance = octavesOf(pitches, i) - middle;
    spread += load<f64>(voicing + 8 * <usize>i) * (distance * distance);
  }
  store<f64>(to, sqrt(mean(spread, voiced)), 48);

  let both: f64 = 0;
  let change: f64 = 0;
  let jumps: f64 = 0;
  for (let i = 0; i < count - 1; i++) {
    const at = voicing + 8 * <usize>i;
    const weight = load<f64>(at) * load<f64>(at, 8);
    const jump = abs(octavesOf(pitches, i + 1) - octavesOf(pitches, i));
    both += weight;
    change += weight * min(jump, 0.2);
    jumps += weight * share((jump - 0.15) / 0.25);
  }
  store<f64>(to, mean(change, both), 56);
  store<f64>(to, mean(jumps, both), 64);
}
