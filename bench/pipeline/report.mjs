const number = (value, digits = 0) =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

/** Prints what people read; see docs/performance.md for what it means. */
export function printReport({ plan, cores, bare, ours, theirs, ratios, ok }) {
  const peer = typeof theirs === 'string' ? undefined : theirs;
  console.log(
    `\n${plan.records} recordings of ${plan.seconds} s, wav, mp3, m4a and opus, ${cores} core(s).\n`,
  );
  console.log('| | bare audio loop | the service | Python peer |\n|---|---:|---:|---:|');
  const row = (what, ...cells) =>
    console.log(`| ${[what, ...cells.map((cell) => cell ?? '–')].join(' | ')} |`);
  row('recordings', number(bare.records), number(ours.records), peer && number(peer.records));
  row('results', undefined, number(ours.results), peer && number(peer.results));
  row(
    'recordings a second',
    number(bare.perSecond, 1),
    number(ours.perSecond, 1),
    peer && number(peer.perSecond, 1),
  );
  const total = ({ cpuMs }) => Object.values(cpuMs).reduce((sum, spent) => sum + spent, 0);
  row(
    'processor time a recording, ms',
    number(bare.cpuMs, 1),
    number(total(ours), 1),
    peer && number(total(peer), 1),
  );
  row('  decoding, features, scoring', number(bare.cpuMs, 1), number(ours.cpuMs.pool, 1));
  row('  worker beyond them', undefined, number(ours.cpuMs.worker, 1));
  row('  Temporal server', undefined, number(ours.cpuMs.temporal, 1));
  row(
    'stand-ins for SQS, S3, MongoDB, ms',
    undefined,
    number(ours.serversCpuMs, 1),
    peer && number(peer.serversCpuMs, 1),
  );
  row(
    'memory at most, worker, MB',
    undefined,
    number(ours.peakRssMb.worker ?? 0),
    peer && number(peer.peakRssMb.peer ?? 0),
  );
  console.log('\n| ratio | |\n|---|---:|');
  console.log(`| throughput of the bare audio loop | ${number(100 * ratios.ofBareLoop)} % |`);
  console.log(
    `| the same without what the stand-ins took of the cores, computed | ${number(100 * ratios.ofBareLoopAlone)} % |`,
  );
  console.log(
    `| worker and Temporal, of all but the stand-ins | ${number(100 * ratios.orchestration, 1)} % |`,
  );
  if (peer) {
    console.log(`| recordings a second, against the peer | ${number(ratios.recordsPerSecond, 2)}× |`);
    console.log(`| processor time, against the peer | ${number(ratios.cpu, 2)}× less |`);
  } else console.log(`\nThe peer was ${theirs}`);
  console.log(ok ? '\nEvery recording has its result.' : '\nWrong: results are missing; see the table.');
}
