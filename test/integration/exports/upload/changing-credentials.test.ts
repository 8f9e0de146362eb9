import { randomBytes } from 'node:crypto';
import { controlsOf, entryOf } from './entries.js';
import { startInstallation, type Installation } from './installation.js';
import { sharedServer } from './object-server.js';

const MIB = 1024 * 1024;
/** Five parts, the last one short. */
const SIZE = 33 * MIB;
const content = randomBytes(SIZE);
const EXPIRED = { status: 400, body: '<?xml version="1.0"?><Error><Code>ExpiredToken</Code></Error>' };

const server = sharedServer();
let at: Installation;
/** What a role hands out from hour to hour. */
let role: { current: number; refreshes: number };
const issued = () => ({
  ...server.credentials,
  accessKeyId: `ROLE${role.current}`,
  sessionToken: `s${role.current}`,
});

beforeAll(async () => {
  at = await startInstallation(server, {
    credentials: (wish) => {
      if (wish?.forceRefresh === true) role = { current: role.current + 1, refreshes: role.refreshes + 1 };
      return Promise.resolve(issued());
    },
  });
});
beforeEach(() => {
  at.proxy.forget();
  role = { current: 1, refreshes: 0 };
});
afterAll(() => at.close());

/** Who sent each request that wrote a part or completed the upload, and with which token. */
const signers = (): string[] =>
  at.proxy.seen
    .filter(({ url }) => url.includes('uploadId='))
    .map(({ headers }) => {
      const key = /Credential=(\w+)/.exec(String(headers.authorization))?.[1];
      return `${key} ${String(headers['x-amz-security-token'])}`;
    });
const isPart =
  (number: number) =>
  ({ url }: { url: string }): boolean =>
    url.includes(`partNumber=${number}&`);

describe('an upload whose credentials change on its way', () => {
  it('has each request signed with those that the role hands out then', async () => {
    const { entry } = entryOf(content, { key: 'out/handed-out' });
    at.proxy.add({ when: isPart(3), fault: { first: () => Promise.resolve((role.current = 2)) } });
    expect(await at.uploader.upload(entry, controlsOf())).toEqual({
      outcome: 'uploaded',
      bytesUploaded: SIZE,
    });
    const sent = signers();
    const changed = sent.indexOf('ROLE2 s2');
    expect(changed).toBeGreaterThan(0);
    expect(new Set(sent.slice(0, changed))).toEqual(new Set(['ROLE1 s1']));
    // Completing it is the last of them.
    expect(sent.at(-1)).toBe('ROLE2 s2');
    expect(role.refreshes).toBe(0);
    expect(await at.leftovers()).toEqual({ uploads: [], records: [] });
  });

  it('asks for newer ones where they have expired, and goes on with the same upload', async () => {
    const { entry } = entryOf(content, { key: 'out/expired' });
    for (const when of [isPart(2), isComplete]) at.proxy.add({ when, fault: EXPIRED });
    expect(await at.uploader.upload(entry, controlsOf())).toEqual({
      outcome: 'uploaded',
      bytesUploaded: SIZE,
    });
    expect(role.refreshes).toBe(2);
    const parts = at.partsSent();
    expect(parts.filter((number) => number === 2)).toHaveLength(2);
    expect(new Set(parts.filter((number) => number !== 2)).size).toBe(parts.length - 2);
    expect(signers().at(-1)).toBe('ROLE3 s3');
    const found = await at.store.read({ bucket: at.bucket, key: entry.key }, { start: 0, end: SIZE });
    expect(found.equals(content)).toBe(true);
    expect(await at.leftovers()).toEqual({ uploads: [], records: [] });
  });
});

function isComplete({ method, url }: { method: string; url: string }): boolean {
  return method === 'POST' && url.includes('uploadId=');
}
