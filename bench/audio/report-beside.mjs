/** Prints both builds' figures of one run. @param table prints a table of Markdown @param number rounds one */
export function printBeside({ throughput, ratios: { ofBase } }, { table, number }) {
  const { ours1, ours2, base1, base2, oursFeatures, baseFeatures } = throughput;
  const line = (name, ours, base, unit, ratio) => [
    name,
    number(ours),
    number(base),
    unit,
    `${number(ratio, 2)}×`,
  ];
  table(
    ['median', 'ours', 'the build beside', 'unit', 'ours of it'],
    [
      line(
        'features alone, one core',
        oursFeatures.cpuMsPerClip,
        baseFeatures.cpuMsPerClip,
        'CPU ms a clip',
        ofBase.features,
      ),
      line(
        'bytes to score, one core',
        ours1.clipsPerSecond,
        base1.clipsPerSecond,
        'clips/s',
        ofBase.pathOneCore,
      ),
      ...(ours2
        ? [
            line(
              'bytes to score, two cores',
              ours2.clipsPerSecond,
              base2.clipsPerSecond,
              'clips/s',
              ofBase.pathTwoCores,
            ),
          ]
        : []),
      line('bytes to score, CPU', ours1.cpuMsPerClip, base1.cpuMsPerClip, 'CPU ms a clip', ofBase.pathCpu),
      line('peak memory of a process', ours1.rssMb, base1.rssMb, 'MB', ours1.rssMb / base1.rssMb),
    ],
  );
}
