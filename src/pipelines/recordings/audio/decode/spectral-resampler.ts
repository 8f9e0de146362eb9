import { SAMPLE_RATE_HZ } from '../features/analysis.js';
import type { KernelMemory } from '../../../../platform/kernel/start-kernel.js';
import { startKernel } from '../../../../platform/kernel/start-kernel.js';
import { nativeKernels } from '../native/native-kernels.js';
import { keepPasses } from './fourier-tables.js';
import { KERNEL_WASM_BASE64 } from './kernel/kernel-binary.js';
import { CUTOFF_SHARE, frequencyResponse, lowPassTaps } from './low-pass.js';
import type { Resampler } from './resampler.js';
import { greatestCommonDivisor, resampledLength } from './resampler.js';
import { createSampleBuffer, type SampleBuffer } from './sample-buffer.js';

/** What resample.as exports. */
export interface ResampleKernel {
  loadBlocks(input: number, hop: number, count: number, into: number): void;
  storeBlocks(from: number, count: number, output: number): void;
  transform(passes: number, values: number, other: number): number;
  filterSpectrum(
    spectrum: number,
    length: number,
    response: number,
    bins: number,
    filtered: number,
    filteredLength: number,
  ): void;
}

/** The usual rates; their ratios to 22,050 Hz have no prime factor above 7. Each costs up to a megabyte of tables, once used. */
const RATES_HZ: readonly number[] = [
  8_000, 11_025, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000,
];
/** Shorter transforms spend too much on the overlap, longer ones leave a core's cache. */
const LEAST_LENGTH = 4_096;
/** A block's ends, which the filter spoils, make at most a third of it. */
const LEAST_OVERLAPS = 6;
/** The kernel's: two in complex numbers' parts, four in a vector's lanes. */
const BLOCKS = 8;
const COMPLEX_BYTES = 32;
const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/** Share of the band, at its upper edge, over which what is left of the response goes to zero; it is below -70 dB there. */
const TAPER_SHARE = 1 / 128;

/** How one rate is resampled, and its tables. Lengths are in samples, at the rate of the input or of the output. */
interface Plan {
  /** Input samples on each side that the filter sees. */
  reach: number;
  inputPeriod: number;
  outputPeriod: number;
  /** What is dropped at each end of a block. */
  overlap: number;
  inputLength: number;
  outputLength: number;
  outputOverlap: number;
  bins: number;
  response: number;
  inputPasses: number;
  outputPasses: number;
}

/** Makes resamplers for the usual rates; undefined for others. Only one of them may be in use at a time. */
export type SpectralResampling = (inputRateHz: number) => Resampler | undefined;

/**
 * Prepares resampling in the frequency domain: blocks of the recording are transformed, filtered, and transformed back at the
 * length that the other rate gives them. The filter is the one that swresample would run tap by tap, for a third of its time.
 *
 * @param native computes what it can, with the same result
 */
export function createSpectralResampling(
  output = createSampleBuffer(),
  { native } = nativeKernels(),
): SpectralResampling {
  const started = startKernel(KERNEL_WASM_BASE64);
  const { memory } = started;
  const kernel = { ...(started.kernel as ResampleKernel) };
  if (native) kernel.transform = (...addresses) => native.transform(memory.whole(), ...addresses);
  const plans = new Map<number, Plan>();
  return (inputRateHz) => {
    if (!RATES_HZ.includes(inputRateHz)) return undefined;
    memory.release();
    const plan = plans.get(inputRateHz) ?? createPlan(memory, inputRateHz);
    plans.set(inputRateHz, plan);
    return createResampler(kernel, memory, plan, inputRateHz, output);
  };
}

function createPlan(memory: KernelMemory, inputRateHz: number): Plan {
  const divisor = greatestCommonDivisor(inputRateHz, SAMPLE_RATE_HZ);
  const [inputPeriod, outputPeriod] = [inputRateHz / divisor, SAMPLE_RATE_HZ / divisor];
  const taps = lowPassTaps(CUTOFF_SHARE * Math.min(1, SAMPLE_RATE_HZ / inputRateHz));
  const overlap = Math.ceil(taps.length / inputPeriod) * inputPeriod;
  let periods = 2;
  while (periods * inputPeriod < Math.max(LEAST_LENGTH, LEAST_OVERLAPS * overlap)) periods *= 2;
  const inputLength = periods * inputPeriod;
  const outputLength = periods * outputPeriod;
  const bins = Math.min(inputLength, outputLength) / 2;
  const response = frequencyResponse(taps, bins, inputLength);
  const tapered = Math.round(bins * TAPER_SHARE);
  return {
    reach: taps.length,
    inputPeriod,
    outputPeriod,
    overlap,
    inputLength,
    outputLength,
    outputOverlap: (overlap / inputPeriod) * outputPeriod,
    bins,
    // An edge in the response would ring through the whole block, and quiet places would hear loud ones.
    response: memory.keep(
      Float32Array.from(response, (gain, bin) => {
        const fromEdge = Math.min(1, (bins - bin) / tapered);
        return (gain * Math.sin((Math.PI / 2) * fromEdge) ** 2) / inputLength;
      }),
    ),
    inputPasses: keepPasses(memory, inputLength),
    outputPasses: keepPasses(memory, outputLength),
  };
}

/**
 * Where the filter sees nothing but zeros its output is zero, which transforms miss by their rounding; silence has another
 * spectral centroid than the faintest noise.
 *
 * @param input starts `overlap` samples before what `output` is made of
 */
function silenceWhereSilent(input: Float32Array, output: Float32Array, plan: Plan): void {
  const { overlap, reach, inputPeriod, outputPeriod } = plan;
  const shortest = 2 * reach + 1;
  const toOutput = (inputIndex: number): number => ((inputIndex - overlap) * outputPeriod) / inputPeriod;
  // A run of the shortest length that matters cannot lie between two probes.
  for (let probe = shortest - 1; probe < input.length;) {
    let start = probe;
    while (start > 0 && input[start - 1] === 0) start--;
    let end = probe;
    while (end < input.length && input[end] === 0) end++;
    if (end - start >= shortest && input[probe] === 0) {
      const first = Math.max(0, Math.ceil(toOutput(start + reach - 1)));
      output.fill(0, first, Math.max(first, Math.floor(toOutput(end - reach)) + 1));
    }
    probe = Math.max(end, probe) + shortest;
  }
}

function createResampler(
  kernel: ResampleKernel,
  memory: KernelMemory,
  plan: Plan,
  inputRateHz: number,
  output: SampleBuffer,
): Resampler {
  const { overlap, inputLength, outputLength, outputOverlap } = plan;
  const hop = inputLength - 2 * overlap;
  const outputHop = outputLength - 2 * outputOverlap;
  const inputCount = BLOCKS * hop + 2 * overlap;
  const inputAt = memory.reserve(inputCount * FLOAT);
  const outputAt = memory.reserve(BLOCKS * outputHop * FLOAT);
  const workBytes = Math.max(inputLength, outputLength) * COMPLEX_BYTES;
  const [first, second] = [memory.reserve(workBytes), memory.reserve(workBytes)];
  const input = memory.floats(inputAt, inputCount);
  const converted = memory.floats(outputAt, BLOCKS * outputHop);
  output.start();
  input.fill(0, 0, overlap);
  let filled = overlap;
  let pushed = 0;
  let written = 0;

  const convert = (): void => {
    kernel.loadBlocks(inputAt, hop, inputLength, first);
    const spectrum = kernel.transform(plan.inputPasses, first, second);
    const other = spectrum === first ? second : first;
    kernel.filterSpectrum(spectrum, inputLength, plan.response, plan.bins, other, outputLength);
    const result = kernel.transform(plan.outputPasses, other, spectrum);
    kernel.storeBlocks(result + outputOverlap * COMPLEX_BYTES, outputHop, outputAt);
    silenceWhereSilent(input, converted, plan);
    output.reserve(converted.length).set(converted);
    written += converted.length;
    input.copyWithin(0, BLOCKS * hop);
    filled = 2 * overlap;
  };
  const take = (count: number): void => {
    pushed += count;
    filled += count;
    if (filled === inputCount) convert();
  };
  return {
    push(block) {
      for (let at = 0; at < block.length;) {
        const part = block.subarray(at, at + inputCount - filled);
        input.set(part, filled);
        take(part.length);
        at += part.length;
      }
    },
    room: () => input.subarray(filled),
    written: take,
    finish() {
      const length = resampledLength(pushed, inputRateHz);
      while (written < length) {
        input.fill(0, filled);
        convert();
      }
      return output.take(0, length);
    },
    free: () => undefined,
  };
}
