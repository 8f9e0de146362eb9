// Compiles the kernels' AssemblyScript (.as) to the .ts file beside each; `--check` only compares.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const audio = new URL('../src/pipelines/recordings/audio/', import.meta.url);
const kernels = [
  {
    source: new URL('features/kernel/features.as', audio),
    target: new URL('features/kernel/kernel-binary.ts', audio),
  },
  {
    source: new URL('decode/kernel/resample.as', audio),
    target: new URL('decode/kernel/kernel-binary.ts', audio),
  },
  {
    source: new URL('../src/objects/download/kernel/crc64.as', import.meta.url),
    target: new URL('../src/objects/download/kernel/kernel-binary.ts', import.meta.url),
  },
  {
    source: new URL('../src/pipelines/interviews/models/picture/kernel/picture.as', import.meta.url),
    target: new URL('../src/pipelines/interviews/models/picture/kernel/kernel-binary.ts', import.meta.url),
  },
];

async function compile(source) {
  const entry = basename(source.pathname).replace(/\.as$/, '.ts');
  let wasm;
  const { error, stderr } = await asc.main(
    // No heap, no garbage collector, no imports but the memory, which `startKernel` brings.
    [
      entry,
      ...['--outFile', 'kernel.wasm', '--runtime', 'stub', '--enable', 'simd', '--importMemory'],
      ...['-O3', '--noAssert', '--converge', '--use', 'abort='],
    ],
    {
      readFile(name) {
        const file = new URL(name.replace(/\.ts$/, '.as'), source);
        return existsSync(file) ? readFileSync(file, 'utf8') : null;
      },
      writeFile(name, bytes) {
        if (name === 'kernel.wasm') wasm = bytes;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(stderr.toString());
  return wasm;
}

for (const { source, target } of kernels) {
  const wasm = await compile(source);
  const text = `/** Made from ${basename(source.pathname)} by \`node scripts/build-kernel.mjs\`; a test compares the two. */
export const KERNEL_WASM_BASE64 =
  '${Buffer.from(wasm).toString('base64')}';
`;
  const path = fileURLToPath(target);
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
    console.log(`${path}: ${wasm.length} bytes of WebAssembly`);
  } else if (readFileSync(target, 'utf8') !== text) {
    console.error(`${path} is not what its source compiles to: run node scripts/build-kernel.mjs`);
    process.exitCode = 1;
  }
}
