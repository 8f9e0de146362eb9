import { stopSignals } from '../../../../src/workers/stop-signals.js';

function listener(): { signalAt: (milliseconds: number) => void; heard: string[] } {
  const heard: string[] = [];
  let time = 0;
  const onSignal = stopSignals(
    { onStop: () => heard.push('stop'), onInsist: () => heard.push('insist') },
    () => time,
  );
  return {
    heard,
    signalAt: (milliseconds) => {
      time = milliseconds;
      onSignal();
    },
  };
}

test('one Ctrl-C under npm, which comes twice, stops once and does not insist', () => {
  const { signalAt, heard } = listener();
  signalAt(1_000);
  signalAt(1_020);
  expect(heard).toEqual(['stop']);
});

test('a second Ctrl-C a moment later insists', () => {
  const { signalAt, heard } = listener();
  signalAt(1_000);
  signalAt(1_002);
  signalAt(2_500);
  expect(heard).toEqual(['stop', 'insist']);
});
