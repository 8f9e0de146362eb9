// What decode/kernel/resample.as' `transform` and radix4.as compute, with vectors of 256 bits: a complex value of four transforms lies
// in one, real parts below imaginary ones, as it lies in the memory. The arithmetic is theirs in the same order, none of it fused, so that
// every bit of the result is the same; a test compares them.

#include "kernels.h"

#include <immintrin.h>

typedef float Value __attribute__((vector_size(32), aligned(16), may_alias));

INLINE Value splat(const float *value) {
  return (Value)_mm256_broadcast_ss(value);
}

/** Real and imaginary parts in each other's place. */
INLINE Value swapped(Value v) {
  return (Value)_mm256_permute2f128_ps((__m256)v, (__m256)v, 0x01);
}

/** The real parts of one, the imaginary parts of the other. */
INLINE Value joined(Value re, Value im) {
  return (Value)_mm256_blend_ps((__m256)re, (__m256)im, 0xf0);
}

typedef struct {
  Value re, im;
} Factor;

INLINE Factor factorOf(const float *factor) {
  return (Factor){splat(factor), splat(factor + 1)};
}

/** Adding a product with its sign changed is subtracting it, to the last bit. */
INLINE Value turned(Factor w, Value v) {
  const __m256 minusBelow = _mm256_setr_ps(-0.0f, -0.0f, -0.0f, -0.0f, 0, 0, 0, 0);
  return w.re * v + (Value)_mm256_xor_ps((__m256)(w.im * swapped(v)), minusBelow);
}

/** `last`: every factor of a transform's last pass is 1. */
INLINE Value turnedUnless(bool last, Factor w, Value v) {
  return last ? v : turned(w, v);
}

typedef struct {
  size_t groups, stride;
  const Value *from;
  Value *to;
  const float *factors, *roots;
} Pass;

INLINE void radix4Pass(bool last, Pass pass) {
  const size_t stride = pass.stride, quarter = stride * pass.groups;
  const float *factors = pass.factors;
  for (size_t group = 0; group < pass.groups; group++, factors += 6) {
    const Factor w1 = factorOf(factors), w2 = factorOf(factors + 2), w3 = factorOf(factors + 4);
    const Value *x = pass.from + group * stride;
    Value *y = pass.to + 4 * group * stride;
    for (const Value *end = x + stride; x < end; x++, y++) {
      const Value a = x[0], b = x[quarter], c = x[2 * quarter], d = x[3 * quarter];
      const Value sumAc = a + c, lessAc = a - c, sumBd = b + d;
      // i (b - d)
      const Value turnedBd = (Value)_mm256_permute2f128_ps((__m256)(d - b), (__m256)(b - d), 0x21);
      y[0] = sumAc + sumBd;
      y[stride] = turnedUnless(last, w1, lessAc - turnedBd);
      y[2 * stride] = turnedUnless(last, w2, sumAc - sumBd);
      y[3 * stride] = turnedUnless(last, w3, lessAc + turnedBd);
    }
  }
}

AVX2 static void pass2(Pass pass) {
  const size_t stride = pass.stride, half = stride * pass.groups;
  const float *factors = pass.factors;
  for (size_t group = 0; group < pass.groups; group++, factors += 2) {
    const Factor w = factorOf(factors);
    const Value *x = pass.from + group * stride;
    Value *y = pass.to + 2 * group * stride;
    for (const Value *end = x + stride; x < end; x++, y++) {
      y[0] = x[0] + x[half];
      y[stride] = turned(w, x[0] - x[half]);
    }
  }
}

/** Values k and radix - k of a pass: the even part less and plus i times the odd part, each turned by its factor. */
INLINE void storePair(bool last, Value even, Value odd, Value *at, const float *factor, Value *mirror, const float *mirrorFactor) {
  const Value other = swapped(odd), plus = even + other, less = even - other;
  *at = turnedUnless(last, factorOf(factor), joined(plus, less));
  *mirror = turnedUnless(last, factorOf(mirrorFactor), joined(less, plus));
}

/** A pass of radix 3, 5 or 7: the values j and radix - j are added and subtracted first. */
INLINE void oddPass(bool last, size_t radix, Pass pass) {
  const size_t stride = pass.stride, part = stride * pass.groups, half = radix / 2;
  const float *factors = pass.factors, *roots = pass.roots;
  for (size_t group = 0; group < pass.groups; group++, factors += 2 * (radix - 1)) {
    const Value *x = pass.from + group * stride;
    Value *y = pass.to + radix * group * stride;
    for (const Value *end = x + stride; x < end; x++, y++) {
      Value sums[3], differences[3], total = x[0];
#pragma GCC unroll 3
      for (size_t j = 0; j < half; j++) {
        const Value near = x[part * (j + 1)], far = x[part * (radix - 1 - j)];
        sums[j] = near + far;
        differences[j] = near - far;
        total = total + sums[j];
      }
      y[0] = total;
#pragma GCC unroll 3
      for (size_t k = 1; k <= half; k++) {
        Value even = x[0] + splat(roots + 2 * k) * sums[0];
        Value odd = splat(roots + 2 * k + 1) * differences[0];
#pragma GCC unroll 3
        for (size_t j = 1; j < half; j++) {
          const float *root = roots + 2 * (k * (j + 1) % radix);
          even = even + splat(root) * sums[j];
          odd = odd + splat(root + 1) * differences[j];
        }
        storePair(last, even, odd, y + k * stride, factors + 2 * (k - 1), y + (radix - k) * stride, factors + 2 * (radix - k - 1));
      }
    }
  }
}

AVX2 static void pass3(Pass pass) {
  if (pass.groups == 1) oddPass(true, 3, pass);
  else oddPass(false, 3, pass);
}

AVX2 static void pass4(Pass pass) {
  if (pass.groups == 1) radix4Pass(true, pass);
  else radix4Pass(false, pass);
}

AVX2 static void pass5(Pass pass) {
  if (pass.groups == 1) oddPass(true, 5, pass);
  else oddPass(false, 5, pass);
}

AVX2 static void pass7(Pass pass) {
  if (pass.groups == 1) oddPass(true, 7, pass);
  else oddPass(false, 7, pass);
}

/** One line of resample.as' list of passes. */
typedef struct {
  uint32_t radix, groups, factors, roots;
} Step;

bool transform(Memory memory, const uint32_t at[3], uint32_t *found) {
  uint32_t step = at[0], from = at[1], to = at[2];
  uint64_t stride = 1, length = 0;
  for (;; step += sizeof(Step)) {
    const Step *pass = room(memory, step, sizeof(Step));
    // The list's end is its radix alone.
    const uint32_t *radix = room(memory, step, sizeof(uint32_t));
    if (!radix) return false;
    if (*radix == 0) break;
    if (!pass || *radix > 7) return false;
    const uint64_t values = *radix * stride * pass->groups;
    if (length == 0) length = values;
    const Pass work = {
        pass->groups,
        stride,
        room(memory, from, length * sizeof(Value)),
        room(memory, to, length * sizeof(Value)),
        room(memory, pass->factors, (uint64_t)pass->groups * (*radix - 1) * 8),
        room(memory, pass->roots, *radix * 8),
    };
    if (values != length || length > memory.length || !work.from || !work.to || !work.factors || !work.roots) return false;
    if (*radix == 2) pass2(work);
    else if (*radix == 3) pass3(work);
    else if (*radix == 4) pass4(work);
    else if (*radix == 5) pass5(work);
    else if (*radix == 7) pass7(work);
    else return false;
    stride *= *radix;
    const uint32_t swap = from;
    from = to;
    to = swap;
  }
  *found = from;
  return true;
}
