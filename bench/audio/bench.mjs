// The audio engine against a Python peer: librosa, soundfile and scikit-learn, on the same clips in the same run.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { compareFiles, compareWaveforms, median } from './agreement.mjs';
import { benchFolder } from '../cleanup.mjs';
import { makeClips } from './clips.mjs';
import { pinning, startContestant } from './contestant.mjs';
import { startNativePeers } from './native-peers.mjs';
import { setUpPeer } from './peer-setup.mjs';
import { printReport } from './report.mjs';
import { soak } from './soak.mjs';
import { measureStages } from './stages.mjs';
import { workerFlags } from '../worker-flags.mjs';

export const options = (command, { wholeNumber, builtCheckout }) =>
  command
    .option('--beside <folder>', 'another checkout of this project, built, to take turns with', builtCheckout)
    .option('--rounds <count>', 'times that each side takes all clips', wholeNumber(1))
    .option('--clips <count>', 'clips of each format', wholeNumber(1))
    .option('--opensmile', 'time openSMILE too, and agree to its licence: no commercial use', false)
    .option(
      '--soak <count>',
      'clips through one pool member afterwards, to see that its memory stays flat',
      wholeNumber(1),
    );

// With fewer clips the last one of each process alone makes two cores look slower: 1.43 times one core with 2 of each format, 1.94
// with 10.
const FULL = { seconds: 30, perFormat: 10, rounds: 5 };
const QUICK = { seconds: 5, perFormat: 1, rounds: 1 };

/** @returns `{ok, …}`: ok when both sides agree on what they computed */
export async function run(root, { quick, rounds, clips: perFormat, beside, opensmile, soak: soakClips }) {
  const plan = { ...(quick ? QUICK : FULL) };
  if (rounds !== undefined) plan.rounds = rounds;
  if (perFormat !== undefined) plan.perFormat = perFormat;
  const clips = await makeClips(root, plan);
  const listFile = join(benchFolder(root, 'audio'), 'clips.json');
  writeFileSync(listFile, JSON.stringify(clips));
  const peer = setUpPeer(root);
  const cores = cpus().length > 1 ? [1, 2] : [1];

  const sides = {};
  for (const count of cores) {
    const args = [listFile, String(count)];
    sides[`ours${count}`] = await startContestant(
      process.execPath,
      [...workerFlags(root), join(root, 'bench/audio/ours.mjs'), ...args],
      count,
    );
    if (beside !== undefined) {
      sides[`base${count}`] = await startContestant(
        process.execPath,
        [...workerFlags(beside), join(beside, 'bench/audio/ours.mjs'), ...args],
        count,
      );
    }
    if (peer.python) {
      sides[`peer${count}`] = await startContestant(
        peer.python,
        [join(root, 'bench/peer/peer.py'), ...args],
        count,
      );
    }
  }
  // They show no more than that they can be installed; npm test runs the quick one.
  const natives = quick ? {} : await startNativePeers(root, listFile, { agreed: opensmile });
  const measured = {};
  for (let round = 0; round < plan.rounds; round++) {
    for (const [name, side] of Object.entries(sides)) {
      (measured[name] ??= []).push(await side.ask('path'));
      if (name.endsWith('1'))
        (measured[`${name.slice(0, 4)}Features`] ??= []).push(await side.ask('features'));
    }
    for (const [key, { side }] of Object.entries(natives)) {
      (measured[key] ??= []).push(await side.ask('features'));
    }
  }
  const versions = Object.fromEntries(Object.entries(sides).map(([name, { ready }]) => [name, ready]));
  for (const side of [...Object.values(sides), ...Object.values(natives).map(({ side }) => side)]) {
    await side.quit();
  }

  const measurements = {
    machine: { cpu: cpus()[0].model, cores: cpus().length, pinning },
    plan,
    versions: { ours: versions.ours1, peer: versions.peer1 ?? `not run: ${peer.unavailable}` },
    ...summarise(measured, clips),
    natives: Object.entries(natives).map(([key, { side }]) => nativeOf(side.ready, measured, key, clips)),
    stages: await measureStages(clips, Math.min(3, plan.rounds)),
    soak: soakClips === undefined ? undefined : await soak(root, clips, soakClips),
  };
  const disagreements = compareWithItself(measured);
  const { LIBROSA_NAMES } = await import('#vachan/pipelines/recordings/audio/features/feature-names.js');
  if (natives.librosa1) {
    const [ours, theirs] = [measured.oursFeatures[0].rows, measured.librosa1[0].rows];
    disagreements.push(...compareWaveforms(LIBROSA_NAMES, clips, ours, theirs));
  }
  let fileDistance;
  if (peer.python) {
    const manifest = JSON.parse(readFileSync(join(root, 'models/reading-audio/manifest.json'), 'utf8'));
    const rows = (name) => measured[name][0].rows;
    const files = compareFiles(manifest, LIBROSA_NAMES, clips, rows('ours1'), rows('peer1'));
    fileDistance = files.medians;
    disagreements.push(
      ...compareWaveforms(LIBROSA_NAMES, clips, rows('oursFeatures'), rows('peerFeatures')),
      ...files.wrong,
    );
  }
  const result = { ...measurements, fileDistance, disagreements };
  printReport(result);
  return { ...result, ok: disagreements.length === 0 && result.soak?.ok !== false };
}

/** A library's features alone, beside ours. */
function nativeOf(library, measured, key, clips) {
  const cpuMs = ({ cpuSeconds }) => (1_000 * cpuSeconds) / clips.length;
  return {
    library,
    features: measured[key][0].rows[0].length,
    cpuMsPerClip: median(measured[key].map(cpuMs)),
    ratio: median(measured[key].map((theirs, round) => cpuMs(theirs) / cpuMs(measured.oursFeatures[round]))),
  };
}

/** What needs no peer: our features are finite, and the same in every round and on any number of cores. */
function compareWithItself(measured) {
  const [first, ...others] = [measured.ours1, measured.ours2 ?? []]
    .flat()
    .map(({ rows }) => JSON.stringify(rows));
  return [
    ...(measured.ours1[0].rows.flat().every(Number.isFinite) ? [] : ['our features are not all finite']),
    ...(others.every((rows) => rows === first) ? [] : ['our features differ between rounds or cores']),
  ];
}

/** Medians over the rounds; ratios are medians of each round's ratio, since the machine's mood changes between rounds. */
function summarise(measured, clips) {
  const perSecond = (name) => measured[name]?.map(({ seconds }) => clips.length / seconds);
  const ratio = (above, below) =>
    above && below ? median(above.map((value, round) => value / below[round])) : undefined;
  const throughput = Object.fromEntries(
    Object.entries(measured).map(([name, rounds]) => [
      name,
      {
        clipsPerSecond: median(perSecond(name)),
        cpuMsPerClip: median(rounds.map(({ cpuSeconds }) => (1_000 * cpuSeconds) / clips.length)),
        rssMb: rounds.at(-1).rssMb,
        scoreMs: rounds[0].scoreMs === undefined ? undefined : median(rounds.map(({ scoreMs }) => scoreMs)),
        byFormat: byFormat(rounds, clips),
      },
    ]),
  );
  const cpu = (name) => measured[name]?.map(({ cpuSeconds }) => cpuSeconds);
  return {
    throughput,
    ratios: {
      features: ratio(cpu('peerFeatures'), cpu('oursFeatures')),
      pathOneCore: ratio(perSecond('ours1'), perSecond('peer1')),
      pathTwoCores: ratio(perSecond('ours2'), perSecond('peer2')),
      pathCpu: ratio(cpu('peer1'), cpu('ours1')),
      oursOneToTwo: ratio(perSecond('ours2'), perSecond('ours1')),
      peerOneToTwo: ratio(perSecond('peer2'), perSecond('peer1')),
      ofBase: {
        features: ratio(cpu('oursFeatures'), cpu('baseFeatures')),
        pathOneCore: ratio(perSecond('ours1'), perSecond('base1')),
        pathTwoCores: ratio(perSecond('ours2'), perSecond('base2')),
        pathCpu: ratio(cpu('ours1'), cpu('base1')),
      },
    },
  };
}

function byFormat(rounds, clips) {
  if (rounds[0].byClip === undefined) return undefined;
  const formats = [...new Set(clips.map(({ format }) => format))];
  return Object.fromEntries(
    formats.map((format) => {
      const of = rounds.flatMap(({ byClip }) => byClip.filter((_, clip) => clips[clip].format === format));
      return [
        format,
        {
          decode: median(of.map(({ decode }) => decode)),
          features: median(of.map(({ features }) => features)),
        },
      ];
    }),
  );
}
