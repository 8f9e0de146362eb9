// Compiles src/audio/features/kernel/features.as to kernel-binary.ts beside it; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = new URL('../src/audio/features/kernel/', import.meta.url);
const target = new URL('kernel-binary.ts', folder);
const source = readFileSync(new URL('features.as', folder), 'utf8');

let wasm;
const { error, stderr } = await asc.main(
  // No heap, no garbage collector, no imports: `createKernel` gives it its memory.
  [
    'features.ts',
    ...['--outFile', 'features.wasm', '--runtime', 'stub', '--enable', 'simd', '--importMemory'],
    ...['-O3', '--noAssert', '--converge', '--use', 'abort='],
  ],
  {
    readFile: (name) => (name === 'features.ts' ? source : null),
    writeFile: (name, bytes) => {
      if (name === 'features.wasm') wasm = bytes;
    },
    listFiles: () => [],
  },
);
if (error) {
  console.error(stderr.toString());
  process.exit(1);
}

const text = `/** Made from features.as by \`node scripts/build-kernel.mjs\`; a test compares the two. */
export const KERNEL_WASM_BASE64 =
  '${Buffer.from(wasm).toString('base64')}';
`;
if (process.argv.includes('--check')) {
  const same = readFileSync(target, 'utf8') === text;
  if (!same)
    console.error('kernel-binary.ts is not what features.as compiles to: run node scripts/build-kernel.mjs');
  process.exit(same ? 0 : 1);
}
writeFileSync(target, text);
console.log(`${fileURLToPath(target)}: ${wasm.length} bytes of WebAssembly`);
