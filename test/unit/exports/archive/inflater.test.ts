import { createInflateRaw, deflateRawSync } from 'node:zlib';
import { createInflater, type Engine } from '../../../../src/pipelines/exports/archive/inflater.js';
import { noise } from './outcome-of.js';

/** An engine of Node's, but for what is replaced: a later Node's may be another one. */
const changed = (change: (engine: Engine) => void) => () => {
  const engine = createInflateRaw() as Engine;
  engine.on('error', () => undefined);
  change(engine);
  return engine;
};
const swapped = changed((engine) => {
  const state = engine._writeState;
  Object.defineProperty(engine, '_writeState', { get: () => [state[1], state[0]] });
});

describe.each<[string, (() => Engine) | undefined]>([
  ["Node's engine", undefined],
  ['an engine without its call', changed((engine) => Object.assign(engine, { _handle: undefined }))],
  ['an engine that counts otherwise', swapped],
  [
    'an engine that keeps its errors to itself',
    changed((engine) => Object.defineProperty(engine, 'errored', { value: null })),
  ],
])('with %s', (_what, start) => {
  const content = noise(1_000);
  const deflated = deflateRawSync(content);

  test('entries are inflated one after the other, whatever is wrong with one before', () => {
    const inflater = createInflater(start);
    const into = Buffer.alloc(2_000);
    const found = (bytes: Buffer, size: number): string => {
      into.fill(0);
      try {
        inflater.inflate(bytes, size, into);
        return into.subarray(0, size).equals(content.subarray(0, size)) ? 'whole' : 'other bytes';
      } catch (error) {
        return (error as { reason: string }).reason;
      }
    };
    expect([
      found(deflated, 1_000),
      found(deflated.subarray(0, -9), 1_000),
      found(deflated, 1_000),
      found(Buffer.alloc(40, 0xff), 1_000),
      found(deflated, 999),
      found(deflated, 500),
      found(deflated, 1_001),
      found(Buffer.concat([deflated, Buffer.alloc(1)]), 1_000),
      found(Buffer.alloc(0), 0),
      found(deflateRawSync(Buffer.alloc(0)), 0),
      found(deflated, 0),
      found(deflated, 1_000),
    ]).toEqual([
      'whole',
      'corrupt',
      'whole',
      'corrupt',
      'size',
      'size',
      'size',
      'trailing_data',
      'corrupt',
      'whole',
      'size',
      'whole',
    ]);
    inflater.close();
  });
});
