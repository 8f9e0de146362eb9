// What features/kernel/shapes.as' `spectralShapes` and mel.as' `melPowers` compute, of eight frames at once: two groups of four, whose
// spectra lie one after the other. Each frame's arithmetic is the same in the same order, so that every bit of the result is; a test
// compares them.

#include "kernels.h"

#include <immintrin.h>

enum { BINS = 1025, FRAMES = 4, GROUP = BINS * FRAMES, BLOCK = 32, BLOCKS = 33, MEL_BANDS = 128, SHAPES = 6 };

typedef float Eight __attribute__((vector_size(32)));
typedef int32_t EightInts __attribute__((vector_size(32)));
typedef double Four __attribute__((vector_size(32)));

INLINE Eight splat(const float *value) {
  return (Eight)_mm256_broadcast_ss(value);
}

/** A row of the first group below, of the second above. */
INLINE Eight loadRow(const float *rows, size_t row, size_t apart) {
  return (Eight)_mm256_loadu2_m128(rows + FRAMES * row + apart, rows + FRAMES * row);
}

INLINE void storeRow(float *rows, size_t row, size_t apart, Eight value) {
  _mm256_storeu2_m128(rows + FRAMES * row + apart, rows + FRAMES * row, (__m256)value);
}

INLINE Four doublesOf(Eight v, int group) {
  return (Four)_mm256_cvtps_pd(group == 0 ? _mm256_castps256_ps128((__m256)v) : _mm256_extractf128_ps((__m256)v, 1));
}

INLINE Eight singlesOf(Four first, Four second) {
  return (Eight)_mm256_set_m128(_mm256_cvtpd_ps((__m256d)second), _mm256_cvtpd_ps((__m256d)first));
}

INLINE EightInts isLess(Eight a, Eight b) {
  return (EightInts)_mm256_cmp_ps((__m256)a, (__m256)b, _CMP_LT_OQ);
}

/** The quotient, and 0 where there is no sound. */
INLINE Four shareOf(Four value, Four total) {
  const __m256d sound = _mm256_cmp_pd((__m256d)total, _mm256_setzero_pd(), _CMP_GT_OQ);
  return (Four)_mm256_and_pd(sound, (__m256d)(value / total));
}

/** How many bins have a cumulative sum below the threshold. @param cumulative sums before each block, and of all */
INLINE EightInts binsBelow(Eight threshold, const float *magnitudes, const Eight *cumulative) {
  EightInts below = {0};
  for (int start = 0; start < BINS; start += BLOCK, cumulative++) {
    const int end = start + BLOCK < BINS ? start + BLOCK : BINS;
    const EightInts isBelow = isLess(cumulative[1], threshold);
    const EightInts changes = isBelow ^ isLess(cumulative[0], threshold);
    if (_mm256_testz_si256((__m256i)changes, (__m256i)changes)) {
      below += isBelow & (EightInts)_mm256_set1_epi32(end - start);
      continue;
    }
    Eight running = cumulative[0];
    for (int bin = start; bin < end; bin++) {
      running += loadRow(magnitudes, bin, GROUP);
      below -= isLess(running, threshold);
    }
  }
  return below;
}

/** Sums over a spectrum, in double precision: of magnitudes, of them times their frequencies, of powers. */
typedef struct {
  Four total[2], weighted[2], power[2];
  Eight mantissa;
  EightInts exponent;
} Sums;

INLINE Sums sumUp(const float *power, const float *frequencies, float *magnitudes, Eight *cumulative) {
  const Eight zero = {0}, powerFloor = zero + 1e-10f;
  const EightInts mantissaBits = (EightInts)_mm256_set1_epi32(0x007fffff), one = (EightInts)_mm256_set1_epi32(0x3f800000);
  const EightInts bias = (EightInts)_mm256_set1_epi32(127);
  Sums sums = {{{0}, {0}}, {{0}, {0}}, {{0}, {0}}, (Eight)one, {0}};
  // numpy's cumulative sum adds in single precision, and the roll-off's bin depends on it.
  Eight running = zero;
  for (int start = 0; start < BINS; start += BLOCK) {
    const int end = start + BLOCK < BINS ? start + BLOCK : BINS;
    Eight total = zero, weighted = zero, powers = zero, product = zero;
    *cumulative++ = running;
    for (int bin = start; bin < end; bin++) {
      const Eight value = loadRow(power, bin, GROUP);
      const Eight magnitude = (Eight)_mm256_sqrt_ps((__m256)value);
      const Eight floored = (Eight)_mm256_max_ps((__m256)value, (__m256)powerFloor);
      storeRow(magnitudes, bin, GROUP, magnitude);
      running += magnitude;
      total += magnitude;
      weighted += magnitude * splat(frequencies + bin);
      powers += floored;
      // Two are multiplied before they are normalised; the last bin stands alone.
      if ((bin & 1) == 0 && bin + 1 < end) {
        product = floored;
        continue;
      }
      const EightInts bits = (EightInts)((bin & 1) == 0 ? floored : product * floored);
      sums.exponent += (EightInts)_mm256_srli_epi32((__m256i)bits, 23) - bias;
      sums.mantissa *= (Eight)((bits & mantissaBits) | one);
    }
    const EightInts bits = (EightInts)sums.mantissa;
    sums.exponent += (EightInts)_mm256_srli_epi32((__m256i)bits, 23) - bias;
    sums.mantissa = (Eight)((bits & mantissaBits) | one);
    for (int group = 0; group < 2; group++) {
      sums.total[group] += doublesOf(total, group);
      sums.weighted[group] += doublesOf(weighted, group);
      sums.power[group] += doublesOf(powers, group);
    }
  }
  *cumulative = running;
  return sums;
}

AVX2 static void shapesOf(const float *power, const float *frequencies, float *magnitudes, float *shapes) {
  const size_t apart = SHAPES * FRAMES;
  Eight cumulative[BLOCKS + 1];
  const Sums sums = sumUp(power, frequencies, magnitudes, cumulative);
  const Eight zero = {0};
  const Eight centroid = singlesOf(shareOf(sums.weighted[0], sums.total[0]), shareOf(sums.weighted[1], sums.total[1]));
  const EightInts below = binsBelow((zero + 0.85f) * cumulative[BLOCKS], magnitudes, cumulative);
  Four spreads[2] = {{0}, {0}};
  for (int start = 0; start < BINS; start += BLOCK) {
    const int end = start + BLOCK < BINS ? start + BLOCK : BINS;
    Eight spread = zero;
    for (int bin = start; bin < end; bin++) {
      const Eight distance = splat(frequencies + bin) - centroid;
      spread += loadRow(magnitudes, bin, GROUP) * (distance * distance);
    }
    for (int group = 0; group < 2; group++) spreads[group] += doublesOf(spread, group);
  }
  for (int group = 0; group < 2; group++) {
    const __m256d sound = _mm256_cmp_pd((__m256d)sums.total[group], _mm256_setzero_pd(), _CMP_GT_OQ);
    spreads[group] = (Four)_mm256_and_pd(sound, _mm256_sqrt_pd((__m256d)(spreads[group] / sums.total[group])));
  }
  storeRow(shapes, 0, apart, centroid);
  storeRow(shapes, 1, apart, singlesOf(spreads[0], spreads[1]));
  storeRow(shapes, 2, apart, (Eight)_mm256_min_epi32((__m256i)below, _mm256_set1_epi32(BINS - 1)));
  storeRow(shapes, 3, apart, singlesOf(sums.power[0], sums.power[1]));
  storeRow(shapes, 4, apart, sums.mantissa);
  storeRow(shapes, 5, apart, (Eight)sums.exponent);
}

bool spectralShapesTwice(Memory memory, const uint32_t at[4]) {
  const float *power = room(memory, at[0], 2 * sizeof(float) * GROUP);
  const float *frequencies = room(memory, at[1], sizeof(float) * BINS);
  float *magnitudes = room(memory, at[2], 2 * sizeof(float) * GROUP);
  float *shapes = room(memory, at[3], 2 * sizeof(float) * SHAPES * FRAMES);
  if (!power || !frequencies || !magnitudes || !shapes) return false;
  shapesOf(power, frequencies, magnitudes, shapes);
  return true;
}

AVX2 bool melPowersTwice(Memory memory, const uint32_t at[4]) {
  const float *power = room(memory, at[0], 2 * sizeof(float) * GROUP);
  const uint32_t *filters = room(memory, at[1], 2 * sizeof(uint32_t) * MEL_BANDS);
  float *bands = room(memory, at[3], 2 * sizeof(float) * MEL_BANDS * FRAMES);
  if (!power || !filters || !bands) return false;
  uint32_t weightsAt = at[2];
  for (size_t band = 0; band < MEL_BANDS; band++) {
    const uint32_t first = filters[2 * band], count = filters[2 * band + 1];
    if (first > BINS || count > BINS - first) return false;
    const float *weights = room(memory, weightsAt, sizeof(float) * count);
    if (!weights) return false;
    Eight sum = {0};
    for (size_t i = 0; i < count; i++) sum += splat(weights + i) * loadRow(power, first + i, GROUP);
    storeRow(bands, band, MEL_BANDS * FRAMES, sum);
    weightsAt += sizeof(float) * count;
  }
  return true;
}
