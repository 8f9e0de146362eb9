const number = (value, digits = 0) =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

/** Prints what people read; see docs/performance.md for what it means. */
export function printReport({ plan, cores, bare, sides, ratios, unavailable, ok }) {
  const { ours, base, peer } = sides;
  console.log(
    `\n${plan.records} recordings of ${plan.seconds} s, wav, mp3, m4a and opus, ${cores} core(s); ${plan.rounds} round(s), medians.\n`,
  );
  const columns = [
    { name: 'bare audio loop', loop: bare.ours },
    { name: 'the service', side: ours },
    ...(base
      ? [
          { name: 'bare loop beside', loop: bare.base },
          { name: 'service beside', side: base },
        ]
      : []),
    { name: 'Python peer', side: peer },
  ];
  const row = (what, cell) =>
    console.log(`| ${[what, ...columns.map((column) => cell(column) ?? '–')].join(' | ')} |`);
  row('', ({ name }) => name);
  console.log(`|---|${columns.map(() => '---:|').join('')}`);
  const total = ({ cpuMs }) => Object.values(cpuMs).reduce((sum, spent) => sum + spent, 0);
  const ofSide =
    (figure, digits) =>
    ({ side }) =>
      side && number(figure(side), digits);
  /** What the peer does not tell apart. */
  const ofService = (figure) => (column) => (column.side === peer ? undefined : ofSide(figure, 1)(column));
  row('recordings', ({ loop, side }) => (loop ?? side) && number((loop ?? side).records));
  row(
    'results',
    ofSide(({ results }) => results, 0),
  );
  row('recordings a second', ({ loop, side }) => (loop ?? side) && number((loop ?? side).perSecond, 1));
  row('processor time a recording, ms', ({ loop, side }) =>
    loop ? number(loop.cpuMs, 1) : side && number(total(side), 1),
  );
  row('  decoding, features, scoring', (column) =>
    column.loop ? number(column.loop.cpuMs, 1) : ofService(({ cpuMs }) => cpuMs.pool)(column),
  );
  row(
    '  worker beyond them',
    ofService(({ cpuMs }) => cpuMs.worker),
  );
  row(
    '  Temporal server',
    ofService(({ cpuMs }) => cpuMs.temporal),
  );
  row(
    'stand-ins for SQS, S3, MongoDB, ms',
    ofSide(({ serversCpuMs }) => serversCpuMs, 1),
  );
  row(
    'memory at most, worker, MB',
    ofSide(({ peakRssMb }) => peakRssMb.worker ?? peakRssMb.peer ?? 0, 0),
  );

  const builds = Object.values(ratios);
  console.log(
    `\n| ratio |${base ? ' ours | the build beside |' : ' |'}\n|---|${builds.map(() => '---:|').join('')}`,
  );
  const ratio = (what, cell) => console.log(`| ${[what, ...builds.map(cell)].join(' | ')} |`);
  ratio('throughput of the bare audio loop', ({ ofBareLoop }) => `${number(100 * ofBareLoop)} %`);
  ratio(
    'the same without what the stand-ins took of the cores, computed',
    ({ ofBareLoopAlone }) => `${number(100 * ofBareLoopAlone)} %`,
  );
  ratio('worker and Temporal, ms a recording', ({ servingMs }) => number(servingMs, 1));
  ratio('the same, of all but the stand-ins', ({ orchestration }) => `${number(100 * orchestration, 1)} %`);
  if (peer) {
    ratio(
      'recordings a second, against the peer',
      ({ recordsPerSecond }) => `${number(recordsPerSecond, 2)}×`,
    );
    ratio('processor time, against the peer', ({ cpu }) => `${number(cpu, 2)}× less`);
  } else console.log(`\nThe peer was not run: ${unavailable}`);
  console.log(ok ? '\nEvery recording has its result.' : '\nWrong: results are missing; see the table.');
}
