import {
  createRequestClocks,
  type RequestClock,
  type RequestClocks,
} from '../../../../../src/objects/data-path/request-clock.js';

const TIMES = { connectTimeoutMs: 1_000, silenceTimeoutMs: 2_000, attemptTimeoutMs: 5_000 };

let clocks: RequestClocks;
let began: number;
/** Why each clock was over, by its name, with the milliseconds until then. */
let ends: Record<string, [afterMs: number, why: string]>;

beforeEach(() => {
  jest.useFakeTimers();
  clocks = createRequestClocks();
  began = performance.now();
  ends = {};
});
afterEach(() => jest.useRealTimers());

function start(name: string, times = TIMES, signal?: AbortSignal): RequestClock {
  const clock = clocks.start(times, signal);
  clock.onOver((reason) => {
    expect(ends[name]).toBeUndefined();
    ends[name] = [Math.round(performance.now() - began), reason.message];
  });
  return clock;
}

/** Something moves on it every 500 ms. */
function keepMoving(clock: RequestClock, forMs: number): void {
  for (let at = 500; at <= forMs; at += 500) setTimeout(() => clock.heard(), at);
}

it('each clock is over in its own time, whatever the others are at', () => {
  start('never connected');
  start('connected at once').heard();
  keepMoving(start('moving for a while'), 1_500);
  keepMoving(start('moving on'), 10_000);
  start('in a hurry', { ...TIMES, connectTimeoutMs: 10 });
  start('stopped').stop();
  jest.advanceTimersByTime(200);
  start('a late one', { ...TIMES, connectTimeoutMs: 300 });
  jest.advanceTimersByTime(20_000);
  expect(ends).toEqual({
    'in a hurry': [10, 'no connection within 0.01 s'],
    'a late one': [500, 'no connection within 0.3 s'],
    'never connected': [1_000, 'no connection within 1 s'],
    'connected at once': [2_000, 'no data within 2 s'],
    'moving for a while': [3_500, 'no data within 2 s'],
    'moving on': [5_000, 'not complete within 5 s'],
  });
});

it('a clock whose silence is shorter than its connecting is over in time once it is connected', () => {
  const clock = start('soon', { ...TIMES, connectTimeoutMs: 4_000, silenceTimeoutMs: 100 });
  jest.advanceTimersByTime(50);
  clock.heard();
  jest.advanceTimersByTime(1_000);
  expect(ends).toEqual({ soon: [150, 'no data within 0.1 s'] });
});

it('a clock that is started as another one ends is over in its time', () => {
  clocks.start(TIMES, undefined).onOver(() => void start('next'));
  jest.advanceTimersByTime(10_000);
  expect(ends).toEqual({ next: [2_000, 'no connection within 1 s'] });
});

it('nothing is left to wait for once all have stopped or are over', () => {
  start('over');
  start('stopped').stop();
  jest.advanceTimersByTime(1_000);
  expect(ends).toHaveProperty('over');
  expect(jest.getTimerCount()).toBe(0);
});

describe('a caller who aborts', () => {
  it('ends the clock with his reason, at once and once', () => {
    const abort = new AbortController();
    const clock = start('aborted', TIMES, abort.signal);
    jest.advanceTimersByTime(300);
    abort.abort(new Error('enough'));
    jest.advanceTimersByTime(10_000);
    expect(ends).toEqual({ aborted: [300, 'enough'] });
    expect(clock.over).toEqual(new Error('enough'));
  });

  it('has ended a clock that is started afterwards', () => {
    start('late', TIMES, AbortSignal.abort(new Error('enough')));
    expect(ends).toEqual({ late: [0, 'enough'] });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not listened to any more once the clock was stopped', () => {
    const abort = new AbortController();
    const clock = start('stopped', TIMES, abort.signal);
    clock.stop();
    abort.abort(new Error('enough'));
    expect(ends).toEqual({});
    expect(clock.over).toBeUndefined();
  });
});
