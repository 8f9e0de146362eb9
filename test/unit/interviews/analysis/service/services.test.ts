import { createConnectionPolicy } from '../../../../../src/objects/connection-policy.js';
import { AddressRefused } from '../../../../../src/objects/errors.js';
import { createHttpContentAnalyser } from '../../../../../src/pipelines/interviews/analysis/content/http-content-analyser.js';
import {
  openContentAnalyser,
  openTranscriber,
} from '../../../../../src/pipelines/interviews/analysis/open-plugs.js';
import { askService } from '../../../../../src/pipelines/interviews/analysis/service/ask-service.js';
import { createHttpTranscriber } from '../../../../../src/pipelines/interviews/analysis/transcript/http-transcriber.js';
import {
  ConfigurationError,
  DependencyUnavailable,
  InvalidInput,
} from '../../../../../src/platform/errors.js';
import { json, startService } from './service-under-test.js';

const request = { contentType: 'text/plain', body: Buffer.from('?') };
type Started = Awaited<ReturnType<typeof startService>>;

describe('a service that is asked', () => {
  let started: Started;
  const start = async (...answers: Parameters<typeof startService>): Promise<Started> =>
    (started = await startService(...answers));
  afterEach(() => started.close());

  it('is asked again where it says "later", and its token goes with each', async () => {
    const { service, asked } = await start(json({}, 503), json({ text: 'here' }));
    expect(await askService(service, request)).toEqual({ text: 'here' });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(
      Array(2).fill(`Bearer ${'t'.repeat(32)}`),
    );
  });

  it('is not asked again where it refuses, and no redirect is followed', async () => {
    const { service, asked } = await start(
      json({}, 401),
      (response) => response.writeHead(307, { location: '/elsewhere' }).end(),
      (response) => response.writeHead(200).end('<html>'),
    );
    const refused = askService(service, request);
    await expect(refused).rejects.toThrow(InvalidInput);
    await expect(refused).rejects.not.toThrow(/secret|127/);
    await expect(askService(service, request)).rejects.toThrow(
      'the service answered 307, a redirect, which is not followed',
    );
    await expect(askService(service, request)).rejects.toThrow('the service answered what is no JSON');
    expect(asked).toHaveLength(3);
  });

  it('may not answer without end, nor never', async () => {
    const { service } = await start(
      (response) => response.writeHead(200).end(Buffer.alloc(5 * 1024 * 1024, ' ')),
      (response) => void response.writeHead(200).write('{'),
    );
    await expect(askService(service, request)).rejects.toThrow(
      'the service answered more than 4194304 bytes',
    );
    const stop = new AbortController();
    const hanging = askService({ ...service, timeoutMs: 1 }, request, stop.signal);
    // Three tries, or the signal: whichever comes first ends it.
    setImmediate(() => stop.abort(new Error('stopped')));
    await expect(hanging).rejects.toThrow(/stopped|no whole answer/);
  });

  it('on a private address is refused unless it is named', async () => {
    const { service, asked } = await start(json({}));
    const policy = createConnectionPolicy({ what: 'the service', privateHosts: [] });
    const url = new URL(service.url.href.replace('http:', 'https:'));
    await expect(askService({ ...service, url, policy }, request)).rejects.toThrow(AddressRefused);
    policy.close();
    expect(asked).toEqual([]);
  });

  it('that is gone is a dependency that is not there', async () => {
    const { service } = await start((response) => response.socket!.destroy());
    await expect(askService(service, request)).rejects.toThrow(DependencyUnavailable);
  });

  it('transcribes pieces of speech as OpenAI names its fields', async () => {
    const { service, asked } = await start(json({ text: ' Hello there. ' }));
    const transcriber = createHttpTranscriber(service, 'whisper-1');
    const pcm = new Float32Array(16_000).fill(0.5);
    expect(await transcriber.transcribe(pcm, [{ start: 0.25, end: 0.75 }], { language: 'de' })).toEqual([
      { start: 0.25, end: 0.75, text: 'Hello there.' },
    ]);
    const form = asked[0]!.body.toString('latin1');
    const field = (name: string): string | undefined =>
      new RegExp(`name="${name}"\r\n\r\n(.*?)\r\n--`).exec(form)?.[1];
    expect(['model', 'language', 'response_format'].map(field)).toEqual(['whisper-1', 'de', 'json']);
    const [, boundary] = /boundary=(.*)/.exec(asked[0]!.headers['content-type']!)!;
    expect(form.endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
    const wav = asked[0]!.body.subarray(form.indexOf('RIFF'), form.lastIndexOf(`\r\n--${boundary}`));
    expect(form).toContain('name="file"; filename="speech.wav"\r\ncontent-type: audio/wav\r\n\r\nRIFF');
    expect([wav.readUInt32LE(24), wav.length - 44, wav.readInt16LE(44)]).toEqual([16_000, 16_000, 16_384]);
  });

  it('says what a transcript holds, from transcript and questions alone', async () => {
    const found = { question: 0, key_points: [{ key_point: 0, covered: true, score: 0.9 }], coverage: 1 };
    const { service, asked } = await start(
      json({ name: 'judge', version: '3', questions: [found], findings: { clarity: 4 } }),
      json({ name: 'judge', version: '3', questions: [{ ...found, coverage: 7 }] }),
    );
    const analyser = createHttpContentAnalyser(service);
    const segments = [{ start: 1, end: 2, text: 'I am a nurse.' }];
    const transcript = {
      engine: { name: 'x', version: '1' },
      language: 'en',
      coverage: { seconds: 1, ratio: 1 },
    };
    const said = {
      transcript: { ...transcript, segments, text: 'I am a nurse.', words: 4 },
      questions: [{ text: 'Who?' }],
    };
    expect(await analyser.analyse(said)).toMatchObject({
      engine: { name: 'judge', version: '3' },
      words: 4,
      questions: [{ coverage: 1, key_points: [{ at: null }] }],
      findings: { clarity: 4 },
    });
    expect(JSON.parse(asked[0]!.body.toString())).toEqual({
      language: 'en',
      segments,
      questions: [{ text: 'Who?' }],
    });
    await expect(analyser.analyse(said)).rejects.toThrow(
      'the service answered another shape (questions.0.coverage)',
    );
  });
});

describe('the settings of plugs', () => {
  const settings = {
    INTERVIEW_TRANSCRIBER: 'http',
    INTERVIEW_TRANSCRIBER_URL: undefined,
    INTERVIEW_TRANSCRIBER_MODEL: 'whisper-1',
    INTERVIEW_TRANSCRIBER_TOKEN: undefined,
    INTERVIEW_CONTENT_ANALYSER: 'off',
    INTERVIEW_CONTENT_ANALYSER_URL: undefined,
    INTERVIEW_CONTENT_ANALYSER_TOKEN: undefined,
    INTERVIEW_ANALYSIS_TIMEOUT: 60,
    INTERVIEW_ANALYSIS_PRIVATE_HOSTS: [] as string[],
  } as const;

  it('need an address where a service is asked, one that can be asked', () => {
    expect(() => openTranscriber(settings)).toThrow(
      'INTERVIEW_TRANSCRIBER is http, and INTERVIEW_TRANSCRIBER_URL is not set.',
    );
    const plain = {
      ...settings,
      INTERVIEW_TRANSCRIBER_URL: 'http://whisper.internal/v1/audio/transcriptions',
    };
    expect(() => openTranscriber(plain)).toThrow(ConfigurationError);
    expect(() => openTranscriber(plain)).toThrow(/INTERVIEW_ANALYSIS_PRIVATE_HOSTS names exceptions/);
    const named = openTranscriber({ ...plain, INTERVIEW_ANALYSIS_PRIVATE_HOSTS: ['whisper.internal'] });
    expect(named).toMatchObject({ name: 'whisper-1', version: 'whisper.internal' });
    expect(openContentAnalyser(settings)).toBe('off');
  });
});
