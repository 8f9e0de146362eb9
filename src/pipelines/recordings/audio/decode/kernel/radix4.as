// The fast Fourier transforms' main pass. Complex values are 32 bytes: four real parts, four imaginary parts, of four transforms
// that go side by side.

/**
 * One radix-4 Stockham pass: `groups` times four complex values to be `stride` transforms each.
 *
 * @param factors for each group six float32: the first three powers of its twiddle factor
 */
export function radix4Pass(groups: usize, stride: usize, from: usize, to: usize, factors: usize): void {
  if (groups == 1) {
    lastRadix4Pass(stride, from, to);
    return;
  }
  const quarter: usize = 32 * stride * groups;
  const step: usize = 32 * stride;
  for (let group: usize = 0; group < groups; group++, factors += 24) {
    const w1Re = v128.load32_splat(factors);
    const w1Im = v128.load32_splat(factors, 4);
    const w2Re = v128.load32_splat(factors, 8);
    const w2Im = v128.load32_splat(factors, 12);
    const w3Re = v128.load32_splat(factors, 16);
    const w3Im = v128.load32_splat(factors, 20);
    let a = from + group * step;
    let y = to + 4 * group * step;
    for (const end = a + step; a < end; a += 32, y += 32) {
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const aRe = v128.load(a);
      const aIm = v128.load(a, 16);
      const bRe = v128.load(b);
      const bIm = v128.load(b, 16);
      const cRe = v128.load(c);
      const cIm = v128.load(c, 16);
      const dRe = v128.load(d);
      const dIm = v128.load(d, 16);
      const sumAcRe = f32x4.add(aRe, cRe);
      const sumAcIm = f32x4.add(aIm, cIm);
      const differenceAcRe = f32x4.sub(aRe, cRe);
      const differenceAcIm = f32x4.sub(aIm, cIm);
      const sumBdRe = f32x4.add(bRe, dRe);
      const sumBdIm = f32x4.add(bIm, dIm);
      // i (b - d)
      const turnedBdRe = f32x4.sub(dIm, bIm);
      const turnedBdIm = f32x4.sub(bRe, dRe);
      v128.store(y, f32x4.add(sumAcRe, sumBdRe));
      v128.store(y, f32x4.add(sumAcIm, sumBdIm), 16);
      const re1 = f32x4.sub(differenceAcRe, turnedBdRe);
      const im1 = f32x4.sub(differenceAcIm, turnedBdIm);
      const y1 = y + step;
      v128.store(y1, f32x4.sub(f32x4.mul(w1Re, re1), f32x4.mul(w1Im, im1)));
      v128.store(y1, f32x4.add(f32x4.mul(w1Re, im1), f32x4.mul(w1Im, re1)), 16);
      const re2 = f32x4.sub(sumAcRe, sumBdRe);
      const im2 = f32x4.sub(sumAcIm, sumBdIm);
      const y2 = y1 + step;
      v128.store(y2, f32x4.sub(f32x4.mul(w2Re, re2), f32x4.mul(w2Im, im2)));
      v128.store(y2, f32x4.add(f32x4.mul(w2Re, im2), f32x4.mul(w2Im, re2)), 16);
      const re3 = f32x4.add(differenceAcRe, turnedBdRe);
      const im3 = f32x4.add(differenceAcIm, turnedBdIm);
      const y3 = y2 + step;
      v128.store(y3, f32x4.sub(f32x4.mul(w3Re, re3), f32x4.mul(w3Im, im3)));
      v128.store(y3, f32x4.add(f32x4.mul(w3Re, im3), f32x4.mul(w3Im, re3)), 16);
    }
  }
}

/** The pass of one group, whose factors are all 1. */
function lastRadix4Pass(stride: usize, from: usize, to: usize): void {
  const step: usize = 32 * stride;
  let y = to;
  for (let a = from, end = from + step; a < end; a += 32, y += 32) {
    const b = a + step;
    const c = b + step;
    const d = c + step;
    const aRe = v128.load(a);
    const aIm = v128.load(a, 16);
    const bRe = v128.load(b);
    const bIm = v128.load(b, 16);
    const cRe = v128.load(c);
    const cIm = v128.load(c, 16);
    const dRe = v128.load(d);
    const dIm = v128.load(d, 16);
    const sumAcRe = f32x4.add(aRe, cRe);
    const sumAcIm = f32x4.add(aIm, cIm);
    const differenceAcRe = f32x4.sub(aRe, cRe);
    const differenceAcIm = f32x4.sub(aIm, cIm);
    const sumBdRe = f32x4.add(bRe, dRe);
    const sumBdIm = f32x4.add(bIm, dIm);
    const turnedBdRe = f32x4.sub(dIm, bIm);
    const turnedBdIm = f32x4.sub(bRe, dRe);
    v128.store(y, f32x4.add(sumAcRe, sumBdRe));
    v128.store(y, f32x4.add(sumAcIm, sumBdIm), 16);
    const y1 = y + step;
    v128.store(y1, f32x4.sub(differenceAcRe, turnedBdRe));
    v128.store(y1, f32x4.sub(differenceAcIm, turnedBdIm), 16);
    const y2 = y1 + step;
    v128.store(y2, f32x4.sub(sumAcRe, sumBdRe));
    v128.store(y2, f32x4.sub(sumAcIm, sumBdIm), 16);
    const y3 = y2 + step;
    v128.store(y3, f32x4.add(differenceAcRe, turnedBdRe));
    v128.store(y3, f32x4.add(differenceAcIm, turnedBdIm), 16);
  }
}
