import { Argument } from 'commander';
import { env } from 'onnxruntime-node';
import { hasWeights } from '#vachan/pipelines/interviews/models/model-files.js';
import { toolCommand } from '../command-line.js';
import { fetchWeights } from './fetch-weights.js';
import { compareModel, FETCHED_MODEL, modelFolder, MODELS, type Comparison } from './verify-models.js';

// `npm run models` fetches the weights that are not committed; `npm run models -- verify` runs each model on inputs whose answers by
// the original runtime are kept beside it.
async function main(): Promise<void> {
  const what = new Argument('[what]', 'what to do with the models of interviews')
    .choices(['fetch', 'verify'])
    .default('fetch');
  const command = toolCommand('npm run models --').addArgument(what).parse();
  try {
    if (command.processedArgs[0] === 'verify') await verify();
    else fetchWeights(modelFolder(FETCHED_MODEL));
  } catch (error) {
    console.error(`npm run models: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

async function verify(): Promise<void> {
  console.log(`engine: onnxruntime-node ${env.versions.node ?? env.versions.common}, one thread`);
  const absent = MODELS.filter((model) => !hasWeights(modelFolder(model)));
  const differing: string[] = [];
  for (const model of MODELS.filter((one) => !absent.includes(one))) {
    const comparisons = await compareModel(model);
    for (const comparison of comparisons) console.log(lineOf(comparison));
    if (!comparisons.every(agrees)) differing.push(model);
  }
  const compared = MODELS.length - absent.length;
  console.log(
    `${compared - differing.length} of ${MODELS.length} models answer as their original runtime does.`,
  );
  if (absent.length > 0) {
    console.log(
      `NOT VERIFIED: ${absent.join(', ')}; its weights are not here (npm run models fetches them, 44 MB).`,
    );
  }
  if (differing.length > 0) {
    console.log(`They differ: ${differing.join(', ')}.`);
    process.exitCode = 1;
  }
}

const agrees = ({ difference, most }: Comparison): boolean => difference <= most;

function lineOf(comparison: Comparison): string {
  const { model, what, original, difference, most, unit, milliseconds } = comparison;
  return [
    agrees(comparison) ? 'ok     ' : 'DIFFERS',
    model.padEnd(20),
    what.padEnd(17),
    milliseconds === undefined ? ' '.repeat(9) : `${milliseconds.toFixed(1)} ms`.padStart(9),
    `${difference.toPrecision(2)} ${unit} from ${original} (at most ${most})`,
  ].join('  ');
}

void main();
