// Compiles src/ to dist/ and tools/ to tools/dist/, and bundles the workflows, each only when its inputs changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildNative } from './build-native.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

const compiler = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc');
if (!existsSync(compiler)) {
  // `npm ci --omit=dev` in an image that brings its own dist/.
  console.log('Not compiled: the TypeScript compiler is a development dependency and is not installed.');
  process.exit(0);
}
// The compiler's notes say what has changed, not what is there: with a file missing, as after a move, all is compiled anew.
const sources = join(root, 'src');
const compiles = (file) => !file.endsWith('.d.ts');
if (filesIn(sources, '.ts').some((file) => compiles(file) && !existsSync(outputOf(dist, file)))) {
  rmSync(join(dist, '.tsbuildinfo'), { force: true });
}
const compiled = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
removeLeftovers(sources, dist);
// An extra: where it cannot be made, WebAssembly computes the same.
buildNative();
if (existsSync(join(root, 'tools'))) await transpile(join(root, 'tools'), join(root, 'tools', 'dist'));

/** Every file below a folder that has one of these ends, relative to it. */
function filesIn(folder, end) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(end));
}

function outputOf(target, file) {
  return join(target, file.replace(/\.ts$/, '.js'));
}

/** Leaves a file alone that holds this already: another process may be reading it. */
function write(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What was compiled from sources that are gone would still be found, and run. */
function removeLeftovers(sources, target) {
  for (const file of filesIn(target, '.js')) {
    const isBundle = !file.includes('/') && file.startsWith('workflow-bundle');
    if (isBundle || existsSync(join(sources, file.replace(/\.js$/, '.ts')))) continue;
    rmSync(join(target, file));
    rmSync(join(target, `${file}.map`), { force: true });
  }
}

/** Types are checked with all else, by `npm run typecheck`; what reaches src/ does so by the names in package.json. */
async function transpile(sources, target) {
  const { transformFile } = await import('@swc/core');
  const files = filesIn(sources, '.ts').filter((file) => !file.startsWith('dist/'));
  for (const file of files) {
    const from = join(sources, file);
    const to = outputOf(target, file);
    const { code, map } = await transformFile(from, {
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      // ES modules, as the benches are, find names by the annotation.
      module: { type: 'commonjs', exportInteropAnnotation: true },
      sourceMaps: true,
      sourceFileName: relative(dirname(to), from),
    });
    write(to, `${code}\n//# sourceMappingURL=${basename(to)}.map\n`);
    write(`${to}.map`, map);
  }
  removeLeftovers(sources, target);
}

/** Hash of every compiled file a workflow may import: the bundle is stale when it changes. */
function workflowInputsHash() {
  const hash = createHash('sha256');
  hash.update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of ['workflows', 'contract', 'pipelines', 'platform/text', 'temporal/encryption']) {
    const path = join(dist, folder);
    if (!existsSync(path)) continue;
    for (const file of readdirSync(path, { recursive: true }).sort()) {
      if (file.endsWith('.js')) hash.update(file).update(readFileSync(join(path, file)));
    }
  }
  return hash.digest('hex');
}

const workflowsPath = join(dist, 'workflows', 'index.js');
/** Failures' messages not plain, but in a payload that a worker with keys encrypts. */
const encrypted = { failureConverterPath: join(dist, 'temporal', 'encryption', 'failure-converter.js') };
const stateOfTasks = join(dist, 'workflows', 'shared', 'state-of-tasks.js');
const plain = { workflowInterceptorModules: [stateOfTasks] };
/** With spans, for workers that send traces; the others do not carry OpenTelemetry's SDK about. */
const traced = {
  workflowInterceptorModules: [stateOfTasks, join(dist, 'workflows', 'shared', 'tracing-interceptors.js')],
};
/** The same decisions in every one. */
const bundles = [
  { path: join(dist, 'workflow-bundle.js'), options: plain },
  { path: join(dist, 'workflow-bundle.encrypted.js'), options: { ...plain, ...encrypted } },
  { path: join(dist, 'workflow-bundle.traced.js'), options: traced },
  { path: join(dist, 'workflow-bundle.traced.encrypted.js'), options: { ...traced, ...encrypted } },
];
const stampPath = join(dist, '.workflow-bundle.sha256');
if (existsSync(workflowsPath)) {
  const inputs = workflowInputsHash();
  const present = [stampPath, ...bundles.map(({ path }) => path)].every((path) => existsSync(path));
  const stamped = present ? readFileSync(stampPath, 'utf8') : '';
  if (stamped !== inputs) {
    const { bundleWorkflowCode } = await import('@temporalio/worker');
    const quiet = () => {};
    const logger = {
      log: quiet,
      trace: quiet,
      debug: quiet,
      info: quiet,
      warn: console.warn,
      error: console.error,
    };
    for (const { path, options } of bundles) {
      const { code } = await bundleWorkflowCode({ workflowsPath, logger, ...options });
      writeFileSync(path, code);
    }
    writeFileSync(stampPath, inputs);
  }
}
