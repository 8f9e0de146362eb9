import { printBeside } from './report-beside.mjs';

/** Prints the result as tables of Markdown, so that they can be pasted into docs/performance.md. */
export function printReport({
  machine,
  plan,
  versions,
  throughput,
  ratios,
  natives,
  stages,
  soak,
  fileDistance,
  disagreements,
}) {
  const say = (line = '') => console.log(line);
  const number = (value, digits = 1) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
  const table = (head, rows) => {
    say(`| ${head.join(' | ')} |`);
    say(`|${head.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`);
    for (const row of rows) say(`| ${row.join(' | ')} |`);
    say();
  };

  say();
  say(
    `${machine.cpu}, ${machine.cores} cores, ${pinned(machine)}; ${plan.rounds} round(s), ${plan.perFormat} clip(s) of ${plan.seconds} s of each format.`,
  );
  say(`Ours: ${versions.ours}. Peer: ${versions.peer}.`);
  say();
  const { ours1, ours2, peer1, peer2, oursFeatures, peerFeatures } = throughput;
  const line = (name, of, unit) => [
    name,
    number(of.ours),
    number(of.peer),
    unit,
    of.ratio === undefined ? '–' : `${number(of.ratio, 2)}×`,
  ];
  table(
    ['median', 'ours', 'peer', 'unit', 'ratio'],
    [
      line(
        'features alone, one core',
        { ours: oursFeatures.cpuMsPerClip, peer: peerFeatures?.cpuMsPerClip, ratio: ratios.features },
        'CPU ms a clip',
      ),
      line(
        'bytes to score, one core',
        { ours: ours1.clipsPerSecond, peer: peer1?.clipsPerSecond, ratio: ratios.pathOneCore },
        'clips/s',
      ),
      ...(ours2
        ? [
            line(
              'bytes to score, two cores',
              { ours: ours2.clipsPerSecond, peer: peer2?.clipsPerSecond, ratio: ratios.pathTwoCores },
              'clips/s',
            ),
          ]
        : []),
      line(
        'bytes to score, CPU',
        { ours: ours1.cpuMsPerClip, peer: peer1?.cpuMsPerClip, ratio: ratios.pathCpu },
        'CPU ms a clip',
      ),
      ...(ours2
        ? [
            [
              'one core to two',
              `${number(ratios.oursOneToTwo, 2)}×`,
              `${number(ratios.peerOneToTwo, 2)}×`,
              '',
              '',
            ],
          ]
        : []),
      line('peak memory of a process', { ours: ours1.rssMb, peer: peer1?.rssMb }, 'MB'),
    ],
  );
  if (throughput.base1) printBeside({ throughput, ratios }, { table, number });
  if (natives.length > 0) {
    table(
      ['features alone, one core', 'features', 'CPU ms a clip', 'of ours'],
      [
        ['ours', '211', number(oursFeatures.cpuMsPerClip), '1×'],
        ...natives.map(({ library, features, cpuMsPerClip, ratio }) => [
          library,
          String(features),
          number(cpuMsPerClip),
          `${number(ratio, 2)}×`,
        ]),
      ],
    );
  }
  say('Where the milliseconds of a clip go (CPU in one process; the peer and scoring: wall time):');
  say();
  table(
    [
      'format',
      'FFmpeg decoding alone',
      'decode',
      'resample',
      'features',
      'score',
      'sum',
      'peer decode',
      'peer features',
      'peer score',
    ],
    Object.entries(stages.byFormat).map(([format, of]) => {
      const theirs = peer1?.byFormat[format];
      const sum = of.decode + (Number.isFinite(of.resample) ? of.resample : 0) + of.features + ours1.scoreMs;
      return [
        format,
        of.codec,
        of.decode,
        of.resample,
        of.features,
        ours1.scoreMs,
        sum,
        theirs?.decode,
        theirs?.features,
        peer1?.scoreMs,
      ].map((value, column) => (column === 0 ? value : number(value)));
    }),
  );
  if (soak) {
    const points = soak.rssMb.map(({ clips, now, pid }) => `${clips}: ${now} (pid ${pid})`);
    say(
      `Memory of one member in MB over ${soak.clips} clips: ${points.join(', ')}; at most ${soak.peakMb}${soak.ok ? '' : ': WRONG'}`,
    );
    say();
  }
  if (fileDistance) {
    const distances = Object.entries(fileDistance).map(
      ([format, distance]) => `${format} ${number(distance, 4)}`,
    );
    say(`From the file, median distance to the peer in training deviations: ${distances.join(', ')}.`);
  }
  for (const disagreement of disagreements.slice(0, 20)) say(`WRONG: ${disagreement}`);
  if (disagreements.length > 0) say(`${disagreements.length} disagreements.`);
  else if (fileDistance) say('Both sides agree on every feature.');
  else
    say(
      'Our features are finite and the same in every round; without the peer there is nothing else to compare them with.',
    );
}

function pinned({ pinning }) {
  return `each side ${pinning} to the first one or two`;
}
