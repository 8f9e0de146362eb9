import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSampleBuffer } from '../../../../../src/pipelines/recordings/audio/decode/sample-buffer.js';
import { createSpectralResampling } from '../../../../../src/pipelines/recordings/audio/decode/spectral-resampler.js';
import { createAnalyser } from '../../../../../src/pipelines/recordings/audio/features/clip-analysis.js';
import {
  BIN_COUNT,
  FRAME_LENGTH,
  HOP_LENGTH,
} from '../../../../../src/pipelines/recordings/audio/features/analysis.js';
import { createFeatureKernel } from '../../../../../src/pipelines/recordings/audio/features/kernel/feature-kernel.js';
import {
  halfTurns,
  halvedWindow,
  passTwiddles,
} from '../../../../../src/pipelines/recordings/audio/features/stft.js';
import {
  kernelsInUse,
  openNativeKernels,
  type KernelChoice,
} from '../../../../../src/pipelines/recordings/audio/native/native-kernels.js';

const root = join(__dirname, '..', '..', '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'vachan-native-'));
afterAll(() => rmSync(folder, { recursive: true }));

const built = join(folder, 'kernels.node');
const compiled = spawnSync(process.execPath, [join(root, 'scripts/build-native.mjs'), built], {
  encoding: 'utf8',
});
const choice = openNativeKernels(built);

/** Uniform in [-1, 1), the same every time. */
function noise(count: number, seed = 7): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Loud, faint to the last bits that single precision has, with zeros of both signs, and none at all. */
const SOUNDS: readonly [what: string, sound: (count: number) => Float32Array][] = [
  ['noise', (count) => noise(count)],
  ['noise beyond full scale', (count) => noise(count).map((value) => value * 1e20)],
  ['noise of denormal numbers', (count) => noise(count).map((value) => value * 1e-42)],
  ['a faint tone', (count) => Float32Array.from({ length: count }, (_, i) => 1e-4 * Math.sin(i / 9))],
  ['clicks in silence', (count) => noise(count).map((value, i) => (i % 977 === 0 ? value : i % 2 ? 0 : -0))],
  ['silence', (count) => new Float32Array(count)],
];

function powersOf(samples: Float32Array, kernels: KernelChoice): Uint8Array {
  const { kernel, memory } = createFeatureKernel(kernels);
  const [window, factors, turns] = [halvedWindow(), passTwiddles(), halfTurns()].map((table) =>
    memory.keep(table),
  );
  const work = memory.keepBytes(2 ** 17);
  const power = memory.keepBytes(BIN_COUNT * 16);
  kernel.powerSpectra(memory.keep(samples), window!, factors!, turns!, work, power);
  return Uint8Array.from(memory.bytes(power, BIN_COUNT * 16));
}

function resampled(samples: Float32Array, rate: number, kernels: KernelChoice): Uint8Array {
  const resampler = createSpectralResampling(createSampleBuffer(), kernels)(rate)!;
  resampler.push(samples);
  const output = resampler.finish();
  resampler.free();
  return Uint8Array.from(new Uint8Array(output.buffer, output.byteOffset, output.byteLength));
}

(choice.native ? describe : describe.skip)('with the add-on every bit is the same', () => {
  test.each(SOUNDS)('in the spectra of %s', (_what, sound) => {
    const samples = sound(FRAME_LENGTH + 3 * HOP_LENGTH);
    expect(Buffer.compare(powersOf(samples, choice), powersOf(samples, {}))).toBe(0);
  });

  test.each(SOUNDS)('in %s at another rate', (_what, sound) => {
    for (const rate of [8_000, 11_025, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000]) {
      const samples = sound(Math.round(1.3 * rate));
      const same = Buffer.compare(resampled(samples, rate, choice), resampled(samples, rate, {})) === 0;
      expect({ rate, same }).toEqual({ rate, same: true });
    }
  });

  test('in the shapes of a long clip, after which its memory has moved', () => {
    const analysers = [choice, {}].map((kernels) => {
      const started = createFeatureKernel(kernels);
      const analyse = createAnalyser(started);
      return (samples: Float32Array): number[] => {
        const { shapes, frames } = analyse(samples);
        return [...started.memory.doubles(shapes, frames)];
      };
    });
    for (const count of [1, 20_000, 700_000, 5_000]) {
      const [native, wasm] = analysers.map((shapesOf) => shapesOf(noise(count, count)));
      expect(native).toEqual(wasm);
    }
  });

  test('and what lies outside the memory is refused, not read', () => {
    const memory = new ArrayBuffer(2 ** 18);
    const { powerSpectra, transform } = choice.native!;
    const outside = /area is not in its memory/;
    expect(() => powerSpectra(memory, 0, 0, 0, 0, 2 ** 17 + 1, 0)).toThrow(outside);
    expect(() => powerSpectra(memory, 0, 2 ** 32 - 8, 0, 0, 0, 0)).toThrow(outside);
    expect(() => transform(memory, 2 ** 18, 0, 0)).toThrow(outside);
    new Uint32Array(memory).set([4, 2 ** 20, 64, 64, 0]);
    expect(() => transform(memory, 0, 64, 128)).toThrow(outside);
    new Uint32Array(memory).set([4, 4, 64, 64, 7, 4, 64, 64, 0]);
    expect(() => transform(memory, 0, 1_024, 2_048)).toThrow(outside);
    expect(() => transform(memory.slice(0, 0), 0, 0, 0)).toThrow(outside);
    expect(() => transform('memory' as never, 0, 0, 0)).toThrow('takes its memory');
  });

  test('and a file that was cut is refused before it is loaded', () => {
    const cut = join(folder, 'cut.node');
    const bytes = readFileSync(built);
    writeFileSync(cut, bytes);
    writeFileSync(`${cut}.sha256`, readFileSync(`${built}.sha256`));
    truncateSync(cut, bytes.length / 2);
    expect(openNativeKernels(cut)).toEqual({
      refused: `${cut}: its bytes are not those that were built`,
    });
  });
});

test('the add-on is made where a compiler and the headers are, and elsewhere the reason is said', () => {
  const { status, stdout, stderr } = compiled;
  const hasCompiler = spawnSync(process.env['CC'] || 'cc', ['--version']).status === 0;
  const hasHeaders = existsSync(join(process.execPath, '..', '..', 'include', 'node', 'node_api.h'));
  const isPossible = process.platform === 'linux' && process.arch === 'x64' && hasCompiler && hasHeaders;
  expect({ status, stderr }).toEqual({ status: isPossible ? 0 : 1, stderr: '' });
  expect(stdout).toMatch(isPossible ? /^Native kernels: / : /^No native kernels: \S/);
});

test('without an add-on WebAssembly computes everything, and nobody is told', () => {
  const none = openNativeKernels(join(folder, 'none.node'));
  expect(none).toEqual({});
  expect(kernelsInUse(none)).toEqual({ kind: 'wasm' });
});

test('a file that is no add-on is refused by name, and WebAssembly computes everything', () => {
  const foreign = join(folder, 'foreign.node');
  const text = 'not a program';
  writeFileSync(foreign, text);
  writeFileSync(`${foreign}.sha256`, createHash('sha256').update(text).digest('hex'));
  const refused = openNativeKernels(foreign);
  expect(kernelsInUse(refused)).toEqual({
    kind: 'wasm',
    refused: expect.stringContaining(foreign) as string,
  });
  const samples = noise(FRAME_LENGTH + 3 * HOP_LENGTH);
  expect(Buffer.compare(powersOf(samples, refused), powersOf(samples, {}))).toBe(0);
});

test('a hash without its file is refused', () => {
  const lost = join(folder, 'lost.node');
  writeFileSync(`${lost}.sha256`, 'abc');
  expect(openNativeKernels(lost).refused).toContain('ENOENT');
});
