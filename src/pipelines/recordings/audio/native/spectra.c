// What features/kernel/spectrum.as and last-pass.as compute, with vectors of 256 bits: a value of four frames lies in one, where
// WebAssembly's 128 bits take two frames. Each frame's sums and products are the same in the same order, and none is fused, so that
// every bit of the result is the same; a test compares them.

#include "kernels.h"

#include <immintrin.h>

enum { HOP = 512, HALF = 1024, QUARTER = HALF / 4, BINS = HALF + 1, FRAMES = 4 };

typedef double Four __attribute__((vector_size(32), aligned(8), may_alias));

/** A complex value of each of the four frames. */
typedef struct {
  Four re, im;
} Complex;

INLINE Four splat(const double *value) {
  return (Four)_mm256_broadcast_sd(value);
}

INLINE Complex turned(const double *factor, Four re, Four im) {
  const Four wRe = splat(factor), wIm = splat(factor + 1);
  return (Complex){wRe * re - wIm * im, wRe * im + wIm * re};
}

/** One radix-4 butterfly; `last` where all of its factors are 1. Values of `y` are `step` apart. */
INLINE void butterfly(bool last, const double *factors, Complex a, Complex b, Complex c, Complex d, Complex *y, size_t step) {
  const Four sumAcRe = a.re + c.re, sumAcIm = a.im + c.im;
  const Four lessAcRe = a.re - c.re, lessAcIm = a.im - c.im;
  const Four sumBdRe = b.re + d.re, sumBdIm = b.im + d.im;
  // i (b - d)
  const Four turnedBdRe = d.im - b.im, turnedBdIm = b.re - d.re;
  const Four re1 = lessAcRe - turnedBdRe, im1 = lessAcIm - turnedBdIm;
  const Four re2 = sumAcRe - sumBdRe, im2 = sumAcIm - sumBdIm;
  const Four re3 = lessAcRe + turnedBdRe, im3 = lessAcIm + turnedBdIm;
  y[0] = (Complex){sumAcRe + sumBdRe, sumAcIm + sumBdIm};
  y[step] = last ? (Complex){re1, im1} : turned(factors, re1, im1);
  y[2 * step] = last ? (Complex){re2, im2} : turned(factors + 2, re2, im2);
  y[3 * step] = last ? (Complex){re3, im3} : turned(factors + 4, re3, im3);
}

/** Samples 2i and 2i + 1 of four frames, a hop apart, times the window. */
INLINE Complex windowed(const float *samples, const double *window, size_t i) {
  const float *at = samples + 2 * i;
  const __m128 nothing = _mm_setzero_ps();
  const __m128 ab = _mm_loadh_pi(_mm_loadl_pi(nothing, (const __m64 *)at), (const __m64 *)(at + HOP));
  const __m128 cd = _mm_loadh_pi(_mm_loadl_pi(nothing, (const __m64 *)(at + 2 * HOP)), (const __m64 *)(at + 3 * HOP));
  const Four even = (Four)_mm256_cvtps_pd(_mm_shuffle_ps(ab, cd, _MM_SHUFFLE(2, 0, 2, 0)));
  const Four odd = (Four)_mm256_cvtps_pd(_mm_shuffle_ps(ab, cd, _MM_SHUFFLE(3, 1, 3, 1)));
  return (Complex){even * splat(window + 2 * i), odd * splat(window + 2 * i + 1)};
}

/** The passes of stride 1 and 4 at once: the sixteen values between them stay in the nearest cache. */
AVX2 static void firstPasses(const float *samples, const double *window, const double *factors, Complex *to) {
  const double *nextFactors = factors + 6 * QUARTER;
  for (size_t group = 0; group < QUARTER / 4; group++, to += 16, nextFactors += 6) {
    Complex between[16];
    for (size_t j = 0; j < 4; j++) {
      const size_t i = group + QUARTER / 4 * j;
      butterfly(false, factors + 6 * i, windowed(samples, window, i), windowed(samples, window, i + QUARTER),
                windowed(samples, window, i + 2 * QUARTER), windowed(samples, window, i + 3 * QUARTER), between + 4 * j, 1);
    }
    for (size_t q = 0; q < 4; q++) {
      const Complex a = between[q], b = between[4 + q], c = between[8 + q], d = between[12 + q];
      if (group == 0) butterfly(true, nextFactors, a, b, c, d, to + q, 4);
      else butterfly(false, nextFactors, a, b, c, d, to + q, 4);
    }
  }
}

/** Of the passes of stride 16 and 64 what belongs to one of the latter's four groups. */
INLINE void middleGroup(bool first, size_t group, const Complex *from, const double *factors, const double *nextFactors, Complex *to) {
  for (size_t q = 0; q < 16; q++) {
    Complex between[16];
    for (size_t j = 0; j < 4; j++) {
      const size_t i = group + 4 * j;
      const Complex *x = from + 16 * i + q;
      butterfly(first && j == 0, factors + 6 * i, x[0], x[QUARTER], x[2 * QUARTER], x[3 * QUARTER], between + 4 * j, 1);
    }
    for (size_t k = 0; k < 4; k++) {
      butterfly(first, nextFactors + 6 * group, between[k], between[4 + k], between[8 + k], between[12 + k],
                to + QUARTER * group + 16 * k + q, 64);
    }
  }
}

AVX2 static void middlePasses(const Complex *from, const double *factors, Complex *to) {
  middleGroup(true, 0, from, factors, factors + 6 * 16, to);
  for (size_t group = 1; group < 4; group++) middleGroup(false, group, from, factors, factors + 6 * 16, to);
}

INLINE void storePower(float *power, size_t bin, Four re, Four im) {
  _mm_storeu_ps(power + FRAMES * bin, _mm256_cvtpd_ps((__m256d)(re * re + im * im)));
}

/** What becomes of a bin and its mirror; the window has halved their values. */
INLINE void splitPair(Complex value, Complex mirror, const double *turns, size_t turn, float *power, size_t bin, size_t mirrorBin) {
  const Four evenRe = value.re + mirror.re, evenIm = value.im - mirror.im;
  const Four oddRe = value.im + mirror.im, oddIm = mirror.re - value.re;
  const Four cosine = splat(turns + 2 * turn), sine = splat(turns + 2 * turn + 1);
  const Four turnedRe = oddRe * cosine - oddIm * sine, turnedIm = oddRe * sine + oddIm * cosine;
  storePower(power, bin, evenRe + turnedRe, evenIm + turnedIm);
  storePower(power, mirrorBin, evenRe - turnedRe, evenIm - turnedIm);
}

INLINE void lastButterfly(const Complex *x, Complex *y) {
  butterfly(true, NULL, x[0], x[QUARTER], x[2 * QUARTER], x[3 * QUARTER], y, 1);
}

/** The last pass, what takes even and odd samples apart, and the powers. */
AVX2 static void lastPass(const Complex *from, const double *turns, float *power) {
  Complex near[4], far[4];
  for (size_t q = 1; q < QUARTER / 2; q++) {
    lastButterfly(from + q, near);
    lastButterfly(from + QUARTER - q, far);
    splitPair(near[0], far[3], turns, q, power, q, HALF - q);
    splitPair(near[1], far[2], turns, QUARTER + q, power, QUARTER + q, 3 * QUARTER - q);
    splitPair(far[1], near[2], turns, 2 * QUARTER - q, power, 2 * QUARTER - q, 2 * QUARTER + q);
    splitPair(far[0], near[3], turns, QUARTER - q, power, QUARTER - q, 3 * QUARTER + q);
  }
  // The butterflies that hold their own mirror bins.
  const size_t middle = QUARTER / 2;
  lastButterfly(from + middle, near);
  splitPair(near[0], near[3], turns, middle, power, middle, HALF - middle);
  splitPair(near[1], near[2], turns, QUARTER + middle, power, QUARTER + middle, 3 * QUARTER - middle);
  lastButterfly(from, near);
  const Four zero = {0}, two = {2, 2, 2, 2};
  storePower(power, 0, two * (near[0].re + near[0].im), zero);
  storePower(power, HALF, two * (near[0].re - near[0].im), zero);
  splitPair(near[1], near[3], turns, QUARTER, power, QUARTER, 3 * QUARTER);
  splitPair(near[2], near[2], turns, 2 * QUARTER, power, 2 * QUARTER, 2 * QUARTER);
}

AVX2 bool powerSpectra(Memory memory, const uint32_t at[6]) {
  const float *samples = room(memory, at[0], 4 * (2 * HALF + 3 * HOP));
  const double *window = room(memory, at[1], 8 * 2 * HALF);
  const double *factors = room(memory, at[2], 8 * 6 * (256 + 64 + 16 + 4));
  const double *turns = room(memory, at[3], 8 * 2 * (HALF / 2 + 1));
  Complex *work = room(memory, at[4], 2 * HALF * sizeof(Complex));
  float *power = room(memory, at[5], 4 * FRAMES * BINS);
  if (!samples || !window || !factors || !turns || !work || !power) return false;
  firstPasses(samples, window, factors, work);
  middlePasses(work, factors + 6 * (256 + 64), work + HALF);
  lastPass(work + HALF, turns, power);
  return true;
}
