import { serveInterviews } from '../../../../tools/stack-for-people/serve-interviews.js';
import { freshFolder } from '../../embedded-stack.js';
import { vachan } from '../../shared/cli/run-vachan.js';

test('npm run stack -- --interviews has an interview that a command finds, a token, and a bucket that curl fills', async () => {
  const stack = await serveInterviews({ folder: freshFolder(), log: () => undefined });
  try {
    const { code, stdout, stderr } = await vachan(['interviews', 'list', '--json'], stack.env);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('"interview_id":"demo"');
    expect(stack.rows.map(([, where]) => where)).not.toContain(undefined);

    // As docs/interviews.md has it.
    const { AWS_ENDPOINT_URL: s3, INTERVIEW_BUCKETS: bucket, HTTP_API_TOKEN: token } = stack.env;
    expect(bucket).toBe('vachan-interviews');
    expect(token).toMatch(/^[0-9a-f]{32,}$/);
    const upload = await fetch(`${s3}/${bucket}/4711/camera.webm`, { method: 'PUT', body: 'any' });
    expect(upload.status).toBe(200);
  } finally {
    await stack.stop();
  }
}, 180_000);
