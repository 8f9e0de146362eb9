// What features/kernel/pitch.as' `findPitches` computes, of eight frames at once: two sets of four, each as `collectMagnitudes` leaves it.
// Each frame's arithmetic is the same in the same order, so that every bit of the result is; a test compares them.

#include "kernels.h"

#include <immintrin.h>
#include <string.h>

enum { PITCH_BINS = 354, LEVELLING_BINS = 15, LAST_BIN = PITCH_BINS - 1, FRAMES = 4 };
/** What fits no better has no voice. */
static const float UNVOICED_FIT = 0.15f;

typedef float Eight __attribute__((vector_size(32)));
typedef int32_t EightInts __attribute__((vector_size(32)));
typedef double Four __attribute__((vector_size(32)));

/** A value of each of eight frames. */
typedef union {
  Eight all;
  float of[2 * FRAMES];
} Row;

INLINE Eight splat(const float *value) {
  return (Eight)_mm256_broadcast_ss(value);
}

/** The larger of both, the second where they are alike: WebAssembly's pmax with its arguments in the other order. */
INLINE Eight largerOf(Eight a, Eight b) {
  return (Eight)_mm256_max_ps((__m256)a, (__m256)b);
}

INLINE Four doublesOf(Eight v, int set) {
  return (Four)_mm256_cvtps_pd(set == 0 ? _mm256_castps256_ps128((__m256)v) : _mm256_extractf128_ps((__m256)v, 1));
}

INLINE Four flattened(Eight value, int set, Four sum, double share) {
  const Four zero = {0}, tiny = {1e-6, 1e-6, 1e-6, 1e-6}, shares = {share, share, share, share};
  const Four positive = (Four)_mm256_max_pd((__m256d)sum, (__m256d)zero);
  return doublesOf(value, set) / (positive * shares + tiny);
}

/** Divides each value by the mean of its neighbours. */
AVX2 static void levelRoots(const Row *roots, Row *flat) {
  Four sums[2] = {{0}, {0}};
  double share = 0;
  for (int bin = 0; bin < LEVELLING_BINS; bin++) {
    for (int set = 0; set < 2; set++) sums[set] += doublesOf(roots[bin].all, set);
  }
  for (int bin = 0; bin < PITCH_BINS; bin++) {
    const int before = bin - LEVELLING_BINS, after = bin + LEVELLING_BINS;
    for (int set = 0; set < 2; set++) {
      if (after < PITCH_BINS) sums[set] += doublesOf(roots[after].all, set);
      if (before > 0) sums[set] -= doublesOf(roots[before - 1].all, set);
    }
    if (before <= 0 || after >= PITCH_BINS) {
      share = 1 / (double)((after < PITCH_BINS ? after + 1 : PITCH_BINS) - (before > 0 ? before : 0));
    }
    const __m128 low = _mm256_cvtpd_ps((__m256d)flattened(roots[bin].all, 0, sums[0], share));
    const __m128 high = _mm256_cvtpd_ps((__m256d)flattened(roots[bin].all, 1, sums[1], share));
    flat[bin].all = (Eight)_mm256_set_m128(high, low);
  }
}

INLINE int binOf(double place) {
  const int bin = (int)(place + 0.5);
  return bin < LAST_BIN ? bin : LAST_BIN;
}

/** What lies on a harmonic becomes what lies between the harmonics, if that is less; of one frame. */
AVX2 static void removeHarmonics(const Row *flat, Row *rest, int frame, double spacing) {
  // Of two harmonics that are near, the nearer counts.
  const bool areNear = spacing < 7.5;
  float below = flat[binOf(0.5 * spacing)].of[frame];
  for (double harmonic = 1;; harmonic++) {
    const double centre = harmonic * spacing;
    const int start = (int)__builtin_ceil(centre - 3.5);
    if (start > LAST_BIN) break;
    const float above = flat[binOf((harmonic + 0.5) * spacing)].of[frame];
    const float limit = (below + above) / 2;
    below = above;
    const int highest = (int)__builtin_floor(centre + 3.5);
    const int end = highest < LAST_BIN ? highest : LAST_BIN;
    for (int bin = start; bin <= end; bin++) {
      if (areNear && __builtin_floor((double)bin / spacing + 0.5) != harmonic) continue;
      const float value = flat[bin].of[frame];
      rest[bin].of[frame] = value < limit ? value : limit;
    }
  }
}

/** Of a pitch's harmonic, then of the place below it: byte offset in rows of four frames, and the weights of the bin and of the next. */
typedef struct {
  uint32_t bin;
  float weight, nextWeight;
} Place;

typedef struct {
  Place on, below;
} Term;

typedef struct {
  Eight on, between;
} Sums;

INLINE Sums combSums(const Row *values, const Term *term, const Term *end) {
  Sums sums = {{0}, {0}};
  for (; term < end; term++) {
    const Row *on = values + term->on.bin / (FRAMES * sizeof(float));
    const Row *below = values + term->below.bin / (FRAMES * sizeof(float));
    sums.on += on[0].all * splat(&term->on.weight);
    sums.between += below[0].all * splat(&term->below.weight);
    sums.on += on[1].all * splat(&term->on.nextWeight);
    sums.between += below[1].all * splat(&term->below.nextWeight);
  }
  return sums;
}

INLINE Eight where(Eight condition, Eight yes, Eight no) {
  return (Eight)_mm256_blendv_ps((__m256)no, (__m256)yes, (__m256)condition);
}

/** The best pitch, how well it fits, and how well another fits the rest: of four frames, as `findPitches` stores them. */
typedef struct {
  int32_t best[FRAMES];
  float fit[FRAMES], second[FRAMES];
} Found;

AVX2 static void search(const float *magnitudes, uint32_t count, const double *spacings, const Term *const *ends, Found *found) {
  Row flat[PITCH_BINS], rest[PITCH_BINS];
  const Eight zero = {0}, tiny = zero + 1e-6f;
  // Fourth roots of the powers.
  for (int bin = 0; bin < PITCH_BINS; bin++) {
    const float *first = magnitudes + FRAMES * bin;
    rest[bin].all = (Eight)_mm256_sqrt_ps(_mm256_loadu2_m128(first + FRAMES * PITCH_BINS, first));
  }
  levelRoots(rest, flat);
  Eight best = zero - __builtin_inff(), most = best, bestPitch = zero;
  for (uint32_t pitch = 0; pitch < count; pitch++) {
    const Sums sums = combSums(flat, ends[pitch], ends[pitch + 1]);
    const Eight fit = (sums.on - sums.between) / ((sums.on + sums.between) + tiny);
    const Eight better = (Eight)_mm256_cmp_ps((__m256)fit, (__m256)best, _CMP_GT_OQ);
    best = where(better, fit, best);
    bestPitch = where(better, (Eight)_mm256_set1_epi32((int)pitch), bestPitch);
    most = largerOf(sums.on, most);
  }
  memcpy(found[0].best, &bestPitch, sizeof(found[0].best));
  memcpy(found[1].best, (const char *)&bestPitch + 16, sizeof(found[1].best));
  memcpy(found[0].fit, &best, sizeof(found[0].fit));
  memcpy(found[1].fit, (const char *)&best + 16, sizeof(found[1].fit));
  memset(found[0].second, 0, sizeof(found[0].second));
  memset(found[1].second, 0, sizeof(found[1].second));
  const Eight voiced = (Eight)_mm256_cmp_ps((__m256)best, (__m256)(zero + UNVOICED_FIT), _CMP_GT_OQ);
  const int voices = _mm256_movemask_ps((__m256)voiced);
  if (voices == 0) return;

  memcpy(rest, flat, sizeof(flat));
  for (int frame = 0; frame < 2 * FRAMES; frame++) {
    if (voices >> frame & 1) removeHarmonics(flat, rest, frame, spacings[found[frame / FRAMES].best[frame % FRAMES]]);
  }
  Eight second = zero;
  most += tiny;
  for (uint32_t pitch = 0; pitch < count; pitch++) {
    const Sums sums = combSums(rest, ends[pitch], ends[pitch + 1]);
    const __m256i distance = _mm256_abs_epi32(_mm256_sub_epi32(_mm256_set1_epi32((int)pitch), (__m256i)bestPitch));
    const __m256 apart = (__m256)_mm256_cmpgt_epi32(distance, _mm256_set1_epi32(8));
    const Eight fit = (sums.on - sums.between) / most;
    second = largerOf((Eight)_mm256_and_ps(apart, (__m256)fit), second);
  }
  // Of four frames without a voice `findPitches` does not look for another.
  if (voices & 0x0f) memcpy(found[0].second, &second, sizeof(found[0].second));
  if (voices & 0xf0) memcpy(found[1].second, (const char *)&second + 16, sizeof(found[1].second));
}

enum { MOST_PITCHES = 1024 };

AVX2 bool findPitchesTwice(Memory memory, const uint32_t at[6]) {
  const uint32_t count = at[1];
  if (count > MOST_PITCHES) return false;
  const float *magnitudes = room(memory, at[0], 2 * sizeof(float) * FRAMES * PITCH_BINS);
  const double *spacings = room(memory, at[2], sizeof(double) * count);
  const uint32_t *ends = room(memory, at[3], sizeof(uint32_t) * count);
  Found *found = room(memory, at[5], 2 * sizeof(Found));
  if (!magnitudes || !spacings || !ends || !found) return false;
  const Term *terms[MOST_PITCHES + 1];
  uint32_t start = at[4];
  for (uint32_t pitch = 0; pitch <= count; pitch++) {
    terms[pitch] = room(memory, start, 0);
    if (pitch == count) break;
    if (ends[pitch] < start || !room(memory, start, ends[pitch] - start)) return false;
    for (const Term *term = terms[pitch], *end = room(memory, ends[pitch], 0); term < end; term++) {
      const uint32_t most = FRAMES * sizeof(float) * (PITCH_BINS - 2);
      if (term->on.bin > most || term->below.bin > most) return false;
    }
    start = ends[pitch];
  }
  search(magnitudes, count, spacings, terms, found);
  return true;
}
