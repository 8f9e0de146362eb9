import { runInNewContext } from 'node:vm';
import {
  RECORDINGS_CONTRACT_LOG_EVENTS,
  RECORDINGS_OPERATIONAL_LOG_EVENTS,
} from '../../../../../src/pipelines/recordings/log-events.js';
import {
  BASE_CONTRACT_LOG_EVENTS,
  BASE_OPERATIONAL_LOG_EVENTS,
} from '../../../../../src/platform/logging/log-event.js';
import { createLogger, silentLogger } from '../../../../../src/platform/logging/logger.js';
import { recordingLogger } from '../../../../../src/platform/logging/recording-logger.js';

describe('the logger', () => {
  it('writes one JSON line with the level as text, ISO time and the event', () => {
    const log = recordingLogger();
    log.info('messages_polled', { batch_id: 'b-1', count: 3 });
    expect(log.text).toHaveLength(1);
    expect(log.lines[0]).toMatchObject({
      level: 'info',
      event: 'messages_polled',
      batch_id: 'b-1',
      count: 3,
    });
    expect(log.lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('leaves out lines below its level', () => {
    const log = recordingLogger('warn');
    log.info('messages_polled');
    log.debug('messages_polled');
    log.error('unexpected_error');
    expect(log.lines.map((line) => line.level)).toEqual(['error']);
  });

  it('carries bindings into every line, and lets a line override them', () => {
    const text: string[] = [];
    const log = createLogger({
      level: 'info',
      base: { role: 'inference' },
      destination: { write: (line) => void text.push(line) },
    }).child({ workflow_id: 'w-1', batch_id: 'b-1' });
    log.info('batch_processed', { batch_id: 'b-2' });
    expect(JSON.parse(text[0]!)).toMatchObject({ role: 'inference', workflow_id: 'w-1', batch_id: 'b-2' });
    expect(text[0]!.match(/"batch_id"/g)).toHaveLength(1);
  });

  it('does not let a field pose as the level, the time or the event', () => {
    const log = recordingLogger();
    log.info('messages_polled', { level: 'fatal', event: 'worker_stopped', time: 'never' });
    expect(log.lines[0]).toMatchObject({ level: 'info', event: 'messages_polled', field_level: 'fatal' });
    expect(log.text[0]!.match(/"event"/g)).toHaveLength(1);
  });

  it('cannot be made to forge a line by control characters in keys or values', () => {
    const log = recordingLogger();
    log.info('messages_polled', {
      'a\n{"event":"worker_stopped"}': 'x\r\n{"level":"fatal"}\u2028\u2029\u0000\u001b[31m',
    });
    expect(log.text).toHaveLength(1);
    const codes = [...Buffer.from(log.text[0]!.trimEnd())];
    expect(codes.filter((code) => code < 32)).toEqual([]);
  });

  it('says an error with its name, message, code and chain of causes', () => {
    const log = recordingLogger('info');
    const root = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
    log.error('dependency_unavailable', { error: new TypeError('no answer', { cause: root }) });
    expect(log.lines[0]?.['error']).toEqual({
      name: 'TypeError',
      message: 'no answer',
      cause: { name: 'Error', message: 'connect refused', code: 'ECONNREFUSED' },
    });
  });

  it('knows errors and dates of another realm', () => {
    const log = recordingLogger('info');
    const foreign = runInNewContext('({ error: new TypeError("elsewhere"), at: new Date(0) })') as object;
    log.error('unexpected_error', { foreign });
    expect(log.lines[0]?.['foreign']).toEqual({
      error: { name: 'TypeError', message: 'elsewhere' },
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('adds stacks only where somebody debugs', () => {
    const debug = recordingLogger('debug');
    debug.error('unexpected_error', { error: new Error('x') });
    expect(debug.lines[0]?.['error']).toHaveProperty('stack', expect.stringContaining('logger.test'));
    const info = recordingLogger('info');
    info.error('unexpected_error', { error: new Error('x') });
    expect(info.lines[0]?.['error']).not.toHaveProperty('stack');
  });

  it('survives cycles, getters that throw, toJSON methods, prototype keys, bytes and odd numbers', () => {
    const log = recordingLogger('info');
    const cycle: Record<string, unknown> = { name: 'c' };
    cycle['self'] = cycle;
    const selfCaused = new Error('loop');
    selfCaused.cause = selfCaused;
    let deep: unknown = 'bottom';
    for (let level = 0; level < 10_000; level += 1) deep = { deep };
    log.info('unexpected_error', {
      cycle,
      selfCaused,
      deep,
      trap: Object.defineProperty({}, 'boom', {
        enumerable: true,
        get: () => {
          throw new Error('trap');
        },
      }),
      forged: { toJSON: () => 'forged' },
      prototype: JSON.parse('{"__proto__":{"polluted":true}}') as unknown,
      bytes: Buffer.from('secret bytes'),
      big: 12n,
      nothing: Number.NaN,
      when: new Date(Number.NaN),
      ids: new Set(['a']),
      counts: new Map([['completed', 1]]),
      long: Array.from({ length: 1000 }, (_, index) => index),
    });
    const line = log.lines[0]!;
    expect(line['cycle']).toEqual({ name: 'c', self: '[circular]' });
    expect(line['selfCaused']).toEqual({ name: 'Error', message: 'loop', cause: '[circular]' });
    expect(line['trap']).toEqual({ boom: '[unreadable]' });
    expect(line['forged']).toEqual({});
    expect(line['bytes']).toBe('[12 bytes]');
    expect(line).toMatchObject({
      big: '12',
      nothing: 'NaN',
      when: 'Invalid Date',
      ids: ['a'],
      counts: { completed: 1 },
    });
    expect(line['long']).toHaveLength(101);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('knows each event name once', () => {
    const names: string[] = [
      ...BASE_CONTRACT_LOG_EVENTS,
      ...BASE_OPERATIONAL_LOG_EVENTS,
      ...RECORDINGS_CONTRACT_LOG_EVENTS,
      ...RECORDINGS_OPERATIONAL_LOG_EVENTS,
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('is silent where asked to be', () => {
    expect(() => silentLogger.child({ a: 1 }).fatal('unexpected_error')).not.toThrow();
  });
});
