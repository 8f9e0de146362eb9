// The shipped model: how fast it loads and scores, what memory it takes, whether it scores as its training did, and how good it is.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { readQuality } from './quality.mjs';

export const options = (command, { inputFolder, wholeNumber }) =>
  command
    .option('--rounds <count>', 'timed batches of each size', wholeNumber(1))
    .option('--model <folder>', 'of another model', inputFolder);

const FULL = { rounds: 40, batchSizes: [1, 10, 100, 1_000] };
const QUICK = { rounds: 5, batchSizes: [1, 100] };

/** @returns `{ok, …}`: ok when the model scores as its training did, and a row the same in any batch */
export async function run(root, { quick, rounds, model }) {
  const plan = { ...(quick ? QUICK : FULL), folder: model ?? 'models/reading-audio' };
  if (rounds !== undefined) plan.rounds = rounds;
  const folder = resolve(root, plan.folder);
  const measured = measure(root, { ...plan, folder });
  const result = {
    machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.versions.node },
    plan,
    ...measured,
    quality: readQuality(folder),
    ok: measured.disagreements.length === 0,
  };
  print(result);
  return result;
}

/** In a process of its own, so that its memory is the model's and its start is cold. */
function measure(root, request) {
  const script = join(root, 'bench', 'model', 'measure.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', script, JSON.stringify({ root, ...request })],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`bench/model/measure.mjs ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

function print({ machine, plan, model, load, batches, disagreements, quality }) {
  const say = (line = '') => console.log(line);
  say();
  say(
    `${model.name} ${model.version}: ${model.features} features. ${machine.cpu}, one thread, Node ${machine.node}; medians of ${plan.rounds} batches.`,
  );
  say();
  say('| recordings a batch | ms a batch | µs a recording | recordings/s |');
  say('|---:|---:|---:|---:|');
  for (const { size, medianMs } of batches) {
    const each = (1_000 * medianMs) / size;
    say(`| ${size} | ${medianMs.toFixed(2)} | ${each.toFixed(0)} | ${Math.round(1e6 / each)} |`);
  }
  say();
  say(
    `Loading: onnxruntime ${load.runtimeMs.toFixed(0)} ms, the model ${load.modelMs.toFixed(0)} ms, a new version ${load.reloadMs.toFixed(0)} ms. ` +
      `Memory: onnxruntime ${load.runtimeMb.toFixed(0)} MB, the model ${load.modelMb.toFixed(1)} MB, after all batches ${load.afterMb.toFixed(1)} MB more. Artefacts: ${(load.artefactBytes / 1_024).toFixed(0)} KB.`,
  );
  say();
  say(`What training measured on its reporting set (${quality.source}):`);
  say();
  say(quality.text);
  say();
  for (const disagreement of disagreements) say(`WRONG: ${disagreement}`);
  if (disagreements.length === 0) {
    say('Scores are those of the training, and the same alone and in company.');
  }
}
