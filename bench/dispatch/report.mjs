const number = (value, digits = 0) =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

/** Prints what people read; see docs/performance.md for what it means. */
export function printReport(result) {
  const { parent, child, cpuMsPerBatch } = result;
  const rows = [
    ['batches dispatched', `${number(result.dispatched)} of ${number(result.batches)}`],
    ['wall time', `${number(result.seconds, 1)} s`],
    ['batches a second', number(result.batchesPerSecond, 1)],
    [
      "parent's history a batch",
      `${number(parent.eventsPerBatch, 1)} events, ${number(parent.bytesPerBatch)} bytes`,
    ],
    ["parent's runs, by continue-as-new", number(parent.runs)],
    [
      "parent's longest history",
      `${number(parent.largest.events)} events, ${number(parent.largest.bytes / 1_024)} KiB`,
    ],
    ["a batch's own history", `${child.events} events, ${number(child.bytes / 1_024, 1)} KiB`],
    ...Object.entries(cpuMsPerBatch)
      .filter(([, ms]) => ms >= 0.1)
      .map(([part, ms]) => [`processor time a batch, ${part}`, `${number(ms, 1)} ms`]),
  ];
  console.log(`\n${result.lanes} lanes, batches of ${result.batchSize} whose stages do nothing.\n`);
  console.log('| dispatch | |\n|---|---:|');
  for (const [what, figure] of rows) console.log(`| ${what} | ${figure} |`);
  console.log(result.ok ? '\nEvery batch was dispatched once.' : '\nWrong: see the table.');
}
