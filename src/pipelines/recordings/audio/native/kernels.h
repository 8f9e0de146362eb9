// Shared by the add-on's files. See native-kernels.ts for what it is.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Without `fma`, which would round less often than WebAssembly does.
#define AVX2 __attribute__((target("avx2")))
#define INLINE static inline __attribute__((always_inline, target("avx2")))

/** A kernel's memory in WebAssembly, in which all addresses are. */
typedef struct {
  uint8_t *bytes;
  size_t length;
} Memory;

/** Where an area of the memory begins, or NULL when it does not lie within. */
static inline void *room(Memory memory, uint32_t address, size_t bytes) {
  return bytes <= memory.length && address <= memory.length - bytes ? memory.bytes + address : NULL;
}

/** spectrum.as' function of this name, with `work` of twice 64 KiB. @return false when an area is not in the memory */
bool powerSpectra(Memory memory, const uint32_t at[6]);

/** shapes.as' `spectralShapes` of two groups of four frames, one after the other: power, frequencies, magnitudes, shapes. @return false likewise */
bool spectralShapesTwice(Memory memory, const uint32_t at[4]);

/** mel.as' `melPowers` of two groups likewise: power, filters, weights, bands. */
bool melPowersTwice(Memory memory, const uint32_t at[4]);

/** decibels.as' function of this name: values, count. */
bool toDecibels(Memory memory, const uint32_t at[2]);

/** mel.as' function of this name: bands, groups, the bits of `lowest`, basis, coefficients, bytes of a row. */
bool cepstra(Memory memory, const uint32_t at[6]);

/** pitch.as' `findPitches` of two sets of four frames, one after the other: magnitudes, count, spacings, ends, terms, found. @return false likewise */
bool findPitchesTwice(Memory memory, const uint32_t at[6]);

/** resample.as' function of this name; its result goes to `found`. @return false likewise, or when the passes are not to be believed */
bool transform(Memory memory, const uint32_t at[3], uint32_t *found);
