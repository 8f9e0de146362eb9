import { interviewApi } from '#vachan/pipelines/interviews/http/interview-api.js';
import { recordingLogger } from '#vachan/platform/logging/recording-logger.js';
import { startHealthServer } from '#vachan/workers/health-server.js';
import { startHttpFront, type HttpFront } from '#vachan/workers/http/http-front.js';
import { job, NOW } from '../results/factories.js';
import { medium } from '../report/factories.js';

const log = recordingLogger();
let server: HttpFront;

beforeAll(async () => {
  const known = (id: string): boolean => id === 'interview-7' || id === 'a/b ü';
  server = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    log,
    startFront: (front) => startHttpFront({ ...front, silentMs: () => 0 }),
    serviceMode: 'all',
    phase: () => 'running',
    readiness: () => Promise.resolve({ ready: true, checks: {} }),
    state: () => ({}),
    metrics: () => Promise.resolve(''),
    api: {
      api: interviewApi({
        jobs: {
          ofInterview: (id) => Promise.resolve(known(id) ? [job({ status: '3', ended_at: NOW })] : []),
        },
        results: { ofInterview: (id) => Promise.resolve(known(id) ? [medium().result] : []) },
      }),
      ready: () => true,
      version: '1',
      log,
    },
  });
});
afterAll(() => server.close());

const get = async (path: string): Promise<{ status: number; body: Record<string, unknown> }> => {
  const answer = await fetch(`${server.url}/api/v1${path}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('an interview over HTTP', () => {
  it.each(['interview-7', 'a/b ü'])('has its jobs, and the measures of each medium: %s', async (id) => {
    const { status, body } = await get(`/interviews/${encodeURIComponent(id)}`);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      interview_id: id,
      jobs: [{ status: '3', data_process: '1', started_at: '2026-03-01T09:59:50.000Z', error_type: null }],
      results: [
        {
          video: { faces: { face_present_ratio: 0.75 } },
          speech: { pause_count: 1 },
          transcript: { text: 'well, um, because' },
          not_measured: expect.arrayContaining(['emotion', 'hire_score']) as string[],
        },
      ],
    });
    const [result] = body['results'] as object[];
    for (const name of ['series', 'run_id', 'etag', 'interview_digest'])
      expect(result).not.toHaveProperty(name);
  });

  it('is not found where nobody knows it, and its id stands in no log', async () => {
    expect((await get('/interviews/somebody-else')).status).toBe(404);
    expect((await get(`/interviews/${encodeURIComponent('a\u0000b')}`)).status).toBe(400);
    expect(JSON.stringify(log.lines)).not.toContain('somebody-else');
  });

  it('is described as what only this machine or the token reads', async () => {
    const { body } = await get('/openapi.json');
    const { paths } = body as { paths: Record<string, { get: { security: object[] } }> };
    expect(paths['/api/v1/interviews/{interview_id}']?.get.security).toEqual([{}, { token: [] }]);
  });
});
