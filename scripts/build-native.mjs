// Compiles the audio kernels' optional add-on (src/pipelines/recordings/audio/native/*.c) to dist/, where a C compiler and Node's headers
// are there. Run by itself (`node scripts/build-native.mjs [FILE]`) it says what it did; `npm run build` does it in silence. Without the add-on WebAssembly computes the same.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = ['pipelines', 'recordings', 'audio', 'native'];
const sources = fileURLToPath(new URL(`../src/${FOLDER.join('/')}/`, import.meta.url));
const built = fileURLToPath(new URL(`../dist/${FOLDER.join('/')}/kernels.node`, import.meta.url));
/** No product and sum in one step: WebAssembly rounds each, and results must be the same to the last bit. */
const FLAGS = ['-O2', '-ffp-contract=off', '-fPIC', '-shared', '-fvisibility=hidden', '-Wall', '-Wextra'];
/** It takes one second. */
const TIMEOUT_MS = 60_000;

/**
 * Compiles the add-on if it is not there already as its sources make it; what an older source made is removed in any case.
 *
 * @param target where it goes, with `.sha256` beside it, which the loader holds against its bytes
 * @returns why there is none now, or undefined
 */
export function buildNative(target = built) {
  const [hashPath, sourcesPath] = [`${target}.sha256`, `${target}.sources`];
  const isSource = (name) => name.endsWith('.c') || name.endsWith('.h');
  const names = existsSync(sources) ? readdirSync(sources).filter(isSource).sort() : [];
  const hash = createHash('sha256').update(FLAGS.join(' '));
  for (const name of names) hash.update(readFileSync(join(sources, name)));
  const wanted = hash.digest('hex');
  const unwanted = whyNotHere();
  if (unwanted === undefined && isMade(target, wanted)) return undefined;
  // First the hash, without which nothing is loaded.
  for (const path of [hashPath, sourcesPath, target]) rmSync(path, { force: true });
  if (unwanted !== undefined) return unwanted;
  if (!existsSync(join(headers, 'node_api.h'))) return `Node's headers are not in ${headers}`;
  mkdirSync(dirname(target), { recursive: true });
  const part = `${target}.${process.pid}.part`;
  try {
    const inputs = names.filter((name) => name.endsWith('.c')).map((name) => join(sources, name));
    const { error, status, stderr } = spawnSync(compiler, [...FLAGS, '-I', headers, '-o', part, ...inputs], {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    });
    if (error) return `${compiler}: ${error.message}`;
    if (status !== 0) return `${compiler} ended with ${status}:\n${stderr}`;
    const made = hashOf(part);
    renameSync(part, target);
    writeFileSync(sourcesPath, wanted);
    writeFileSync(hashPath, `${made}\n`);
    return undefined;
  } finally {
    rmSync(part, { force: true });
  }
}

const compiler = process.env.CC || 'cc';
const headers = join(dirname(process.execPath), '..', 'include', 'node');

function whyNotHere() {
  if (process.env.VACHAN_NATIVE_KERNELS === 'no') return 'VACHAN_NATIVE_KERNELS=no';
  if (process.platform === 'linux' && process.arch === 'x64') return undefined;
  return `they are for Linux on x64 only, not ${process.platform} on ${process.arch}`;
}

/** Whole, and of these sources. */
function isMade(target, wanted) {
  const [hashPath, sourcesPath] = [`${target}.sha256`, `${target}.sources`];
  if (![target, hashPath, sourcesPath].every((path) => existsSync(path))) return false;
  return (
    readFileSync(sourcesPath, 'utf8') === wanted && readFileSync(hashPath, 'utf8').trim() === hashOf(target)
  );
}

function hashOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = process.argv[2] ?? built;
  const refused = buildNative(target);
  console.log(refused === undefined ? `Native kernels: ${target}` : `No native kernels: ${refused}`);
  if (refused !== undefined) process.exitCode = 1;
}
