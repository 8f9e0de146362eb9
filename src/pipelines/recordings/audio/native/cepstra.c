// What features/kernel/mel.as' `cepstra` and decibels.as' `toDecibels` compute, four values in double precision at once. The arithmetic
// of each is the same in the same order, so that every bit of the result is; a test compares them.

#include "kernels.h"

#include <immintrin.h>
#include <string.h>

enum { MEL_BANDS = 128, HALF = MEL_BANDS / 2, CEPSTRA = 20, FRAMES = 4 };

typedef double Four __attribute__((vector_size(32)));
typedef int64_t FourBits __attribute__((vector_size(32)));

/** The larger, or the limit where they are alike. */
INLINE __m128 raised(const float *values, float limit) {
  return _mm_max_ps(_mm_loadu_ps(values), _mm_set1_ps(limit));
}

INLINE void storeSingles(float *to, Four values) {
  _mm_storeu_ps(to, _mm256_cvtpd_ps((__m256d)values));
}

/** 10 log10 of positive doubles, to eleven digits: 2 artanh(t) with t = (m - 1) / (m + 1), |t| < 0.172. */
INLINE Four decibelsOf(Four value) {
  const Four zero = {0}, one = zero + 1.0;
  const FourBits none = {0};
  // From the bits of the square root of 1/2 up, with one added to the exponent for each doubling; 1024 above.
  const FourBits above = (FourBits)value + (none + 0x00195f619980c432);
  // The exponent lands in the mantissa of 2^52.
  const FourBits raw = (FourBits)_mm256_srli_epi64((__m256i)above, 52) | (none + 0x4330000000000000);
  const Four exponent = (Four)raw - (zero + (4503599627370496.0 + 1024.0));
  const FourBits powerOfTwo = above & (none + (int64_t)0xfff0000000000000);
  const Four m = (Four)((FourBits)value + (none + 0x4000000000000000) - powerOfTwo);
  const Four t = (m - one) / (m + one);
  const Four t2 = t * t;
  Four series = zero + 1.0 / 11.0;
  series = series * t2 + (zero + 1.0 / 9.0);
  series = series * t2 + (zero + 1.0 / 7.0);
  series = series * t2 + (zero + 1.0 / 5.0);
  series = series * t2 + (zero + 1.0 / 3.0);
  series = series * t2 + one;
  // 20 / ln 10, and 10 log10(2)
  const Four mantissaPart = series * t * (zero + 8.685889638065037);
  return exponent * (zero + 3.010299956639812) + mantissaPart;
}

AVX2 bool toDecibels(Memory memory, const uint32_t at[2]) {
  const size_t count = at[1];
  float *values = room(memory, at[0], count * sizeof(float));
  if (!values || count % FRAMES != 0) return false;
  for (const float *end = values + count; values < end; values += FRAMES) {
    storeSingles(values, decibelsOf((Four)_mm256_cvtps_pd(raised(values, 1e-10f))));
  }
  return true;
}

/** Every other row of the transform, from `basis` on, of values that were added or subtracted crosswise. */
INLINE void everyOther(const Four *folded, const double *basis, float *to, size_t rowFloats) {
  enum { ROWS = CEPSTRA / 2 };
  Four sums[ROWS];
  memset(sums, 0, sizeof(sums));
  for (size_t band = 0; band < HALF; band++) {
#pragma GCC unroll 10
    for (size_t row = 0; row < ROWS; row++) sums[row] += (Four)_mm256_broadcast_sd(basis + 2 * HALF * row + band) * folded[band];
  }
  for (size_t row = 0; row < ROWS; row++) storeSingles(to + 2 * rowFloats * row, sums[row]);
}

AVX2 bool cepstra(Memory memory, const uint32_t at[6]) {
  const size_t groups = at[1], rowFloats = at[5] / sizeof(float);
  const float *bands = room(memory, at[0], groups * sizeof(float) * FRAMES * MEL_BANDS);
  const double *basis = room(memory, at[3], sizeof(double) * CEPSTRA * HALF);
  float *coefficients = room(memory, at[4], CEPSTRA * rowFloats * sizeof(float));
  if (!bands || !basis || !coefficients || rowFloats < groups * FRAMES) return false;
  float lowest;
  memcpy(&lowest, at + 2, sizeof(lowest));
  for (size_t group = 0; group < groups; group++, bands += FRAMES * MEL_BANDS, coefficients += FRAMES) {
    Four even[HALF], odd[HALF];
    for (size_t band = 0; band < HALF; band++) {
      const Four near = (Four)_mm256_cvtps_pd(raised(bands + FRAMES * band, lowest));
      const Four far = (Four)_mm256_cvtps_pd(raised(bands + FRAMES * (MEL_BANDS - 1 - band), lowest));
      even[band] = near + far;
      odd[band] = near - far;
    }
    everyOther(even, basis, coefficients, rowFloats);
    everyOther(odd, basis + HALF, coefficients + rowFloats, rowFloats);
  }
  return true;
}
