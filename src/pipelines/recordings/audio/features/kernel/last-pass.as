// The last pass of the spectra's transform, together with what takes even and odd samples apart and makes powers: values between the
// two stay in registers.

const HALF: usize = 1024;
/** Bytes between the four values of a butterfly. */
const QUARTER: usize = 8 * HALF;

@inline
function storePower(to: usize, re: v128, im: v128): void {
  const power = f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im));
  v128.store64_lane(to, f32x4.demote_f64x2_zero(power), 0);
}

/** What becomes of bins k and 1024 - k; the window has halved its values. */
@inline
function splitPair(
  re: v128,
  im: v128,
  mirrorRe: v128,
  mirrorIm: v128,
  turn: usize,
  power: usize,
  mirrorPower: usize,
): void {
  const evenRe = f64x2.add(re, mirrorRe);
  const evenIm = f64x2.sub(im, mirrorIm);
  const oddRe = f64x2.add(im, mirrorIm);
  const oddIm = f64x2.sub(mirrorRe, re);
  const cosine = v128.load64_splat(turn);
  const sine = v128.load64_splat(turn, 8);
  const turnedRe = f64x2.sub(f64x2.mul(oddRe, cosine), f64x2.mul(oddIm, sine));
  const turnedIm = f64x2.add(f64x2.mul(oddRe, sine), f64x2.mul(oddIm, cosine));
  storePower(power, f64x2.add(evenRe, turnedRe), f64x2.add(evenIm, turnedIm));
  storePower(mirrorPower, f64x2.sub(evenRe, turnedRe), f64x2.sub(evenIm, turnedIm));
}

/**
 * The last pass, whose factors are all 1, and the powers: the butterflies of bins q and 256 - q and their neighbours 256 apart hold
 * each other's mirror bins.
 */
export function lastPass(from: usize, turns: usize, power: usize): void {
  for (let q: usize = 1; q < HALF / 8; q++) {
    const near = from + 32 * q;
    const far = from + QUARTER - 32 * q;
    let aRe = v128.load(near);
    let aIm = v128.load(near, 16);
    let cRe = v128.load(near, 2 * QUARTER);
    let cIm = v128.load(near, 2 * QUARTER + 16);
    let sumAcRe = f64x2.add(aRe, cRe);
    let sumAcIm = f64x2.add(aIm, cIm);
    let differenceAcRe = f64x2.sub(aRe, cRe);
    let differenceAcIm = f64x2.sub(aIm, cIm);
    let bRe = v128.load(near, QUARTER);
    let bIm = v128.load(near, QUARTER + 16);
    let dRe = v128.load(near, 3 * QUARTER);
    let dIm = v128.load(near, 3 * QUARTER + 16);
    let sumBdRe = f64x2.add(bRe, dRe);
    let sumBdIm = f64x2.add(bIm, dIm);
    let turnedBdRe = f64x2.sub(dIm, bIm);
    let turnedBdIm = f64x2.sub(bRe, dRe);
    const near0Re = f64x2.add(sumAcRe, sumBdRe);
    const near0Im = f64x2.add(sumAcIm, sumBdIm);
    const near1Re = f64x2.sub(differenceAcRe, turnedBdRe);
    const near1Im = f64x2.sub(differenceAcIm, turnedBdIm);
    const near2Re = f64x2.sub(sumAcRe, sumBdRe);
    const near2Im = f64x2.sub(sumAcIm, sumBdIm);
    const near3Re = f64x2.add(differenceAcRe, turnedBdRe);
    const near3Im = f64x2.add(differenceAcIm, turnedBdIm);
    aRe = v128.load(far);
    aIm = v128.load(far, 16);
    cRe = v128.load(far, 2 * QUARTER);
    cIm = v128.load(far, 2 * QUARTER + 16);
    sumAcRe = f64x2.add(aRe, cRe);
    sumAcIm = f64x2.add(aIm, cIm);
    differenceAcRe = f64x2.sub(aRe, cRe);
    differenceAcIm = f64x2.sub(aIm, cIm);
    bRe = v128.load(far, QUARTER);
    bIm = v128.load(far, QUARTER + 16);
    dRe = v128.load(far, 3 * QUARTER);
    dIm = v128.load(far, 3 * QUARTER + 16);
    sumBdRe = f64x2.add(bRe, dRe);
    sumBdIm = f64x2.add(bIm, dIm);
    turnedBdRe = f64x2.sub(dIm, bIm);
    turnedBdIm = f64x2.sub(bRe, dRe);
    const turn = turns + 16 * q;
    const farTurn = turns + 4 * HALF - 16 * q;
    const up = power + 16 * q;
    const down = power + 16 * (HALF / 4) - 16 * q;
    splitPair(
      near0Re,
      near0Im,
      f64x2.add(differenceAcRe, turnedBdRe),
      f64x2.add(differenceAcIm, turnedBdIm),
      turn,
      up,
      down + 12 * HALF,
    );
    splitPair(
      near1Re,
      near1Im,
      f64x2.sub(sumAcRe, sumBdRe),
      f64x2.sub(sumAcIm, sumBdIm),
      turn + 4 * HALF,
      up + 4 * HALF,
      down + 8 * HALF,
    );
    splitPair(
      f64x2.sub(differenceAcRe, turnedBdRe),
      f64x2.sub(differenceAcIm, turnedBdIm),
      near2Re,
      near2Im,
      farTurn + 4 * HALF,
      down + 4 * HALF,
      up + 8 * HALF,
    );
    splitPair(
      f64x2.add(sumAcRe, sumBdRe),
      f64x2.add(sumAcIm, sumBdIm),
      near3Re,
      near3Im,
      farTurn,
      down,
      up + 12 * HALF,
    );
  }
  lastSingles(from, turns, power);
}

/** Of the last pass the butterflies that hold their own mirror bins: those of bins 0 and 128. */
function lastSingles(from: usize, turns: usize, power: usize): void {
  for (let q: usize = 0; q <= HALF / 8; q += HALF / 8) {
    const at = from + 32 * q;
    const aRe = v128.load(at);
    const aIm = v128.load(at, 16);
    const bRe = v128.load(at, QUARTER);
    const bIm = v128.load(at, QUARTER + 16);
    const cRe = v128.load(at, 2 * QUARTER);
    const cIm = v128.load(at, 2 * QUARTER + 16);
    const dRe = v128.load(at, 3 * QUARTER);
    const dIm = v128.load(at, 3 * QUARTER + 16);
    const y0Re = f64x2.add(f64x2.add(aRe, cRe), f64x2.add(bRe, dRe));
    const y0Im = f64x2.add(f64x2.add(aIm, cIm), f64x2.add(bIm, dIm));
    const y2Re = f64x2.sub(f64x2.add(aRe, cRe), f64x2.add(bRe, dRe));
    const y2Im = f64x2.sub(f64x2.add(aIm, cIm), f64x2.add(bIm, dIm));
    const y1Re = f64x2.sub(f64x2.sub(aRe, cRe), f64x2.sub(dIm, bIm));
    const y1Im = f64x2.sub(f64x2.sub(aIm, cIm), f64x2.sub(bRe, dRe));
    const y3Re = f64x2.add(f64x2.sub(aRe, cRe), f64x2.sub(dIm, bIm));
    const y3Im = f64x2.add(f64x2.sub(aIm, cIm), f64x2.sub(bRe, dRe));
    const turn = turns + 16 * q;
    const up = power + 16 * q;
    if (q > 0) {
      splitPair(y0Re, y0Im, y3Re, y3Im, turn, up, up + 12 * HALF);
      splitPair(y1Re, y1Im, y2Re, y2Im, turn + 4 * HALF, up + 4 * HALF, up + 8 * HALF);
    } else {
      const zero = f64x2.splat(0);
      const two = f64x2.splat(2);
      storePower(power, f64x2.mul(two, f64x2.add(y0Re, y0Im)), zero);
      storePower(power + 16 * HALF, f64x2.mul(two, f64x2.sub(y0Re, y0Im)), zero);
      splitPair(y1Re, y1Im, y3Re, y3Im, turn + 4 * HALF, up + 4 * HALF, up + 12 * HALF);
      splitPair(y2Re, y2Im, y2Re, y2Im, turn + 8 * HALF, up + 8 * HALF, up + 8 * HALF);
    }
  }
}
