import { CONTENT, FILE, JOB, useLinkServer, type LinkServer } from './link-server.js';

describe('answers to a range', () => {
  const given = useLinkServer();
  const { opener, always } = given;
  let server: LinkServer;
  beforeEach(() => {
    ({ server } = given);
  });

  it.each([
    ['412', 412, {}],
    ['416 of another size', 416, { 'content-range': 'bytes */5' }],
    ['another ETag', 206, { etag: '"v2"', 'content-range': `bytes 0-9/${CONTENT.length}` }],
    ['the whole of another version', 200, { etag: '"v2"' }],
    ['another size without an ETag', 206, { 'content-range': 'bytes 0-9/99' }],
  ])('takes %s for a change', async (_, status, headers) => {
    const file = await opener([server], always).open(JOB, FILE);
    server.fault = (_request, response) => {
      response.writeHead(status, headers).end();
      return true;
    };
    await expect(file.read(0, 10)).rejects.toMatchObject({ name: 'ArchiveChanged' });
  });

  it.each([
    ['no Content-Range', 206, {}],
    ['another start', 206, { 'content-range': `bytes 1-10/${CONTENT.length}` }],
    ['another size with the same ETag', 206, { etag: '"v1"', 'content-range': 'bytes 0-9/99' }],
    ['a last byte beyond the end', 206, { 'content-range': `bytes 0-${CONTENT.length}/${CONTENT.length}` }],
    ['parts', 206, { 'content-type': 'multipart/byteranges; boundary=x' }],
    ['the whole', 200, { etag: '"v1"' }],
  ])('refuses a server whose ranges are wrong: %s', async (_, status, headers) => {
    const file = await opener([server], always, { maxRetries: 1 }).open(JOB, FILE);
    server.fault = (_request, response) => {
      response.writeHead(status, headers).end();
      return true;
    };
    await expect(file.read(10, 20)).rejects.toMatchObject({ name: 'FileRefused', reason: 'ranges_refused' });
  });

  it('holds the size against the listing', async () => {
    await expect(opener([server], always).open(JOB, { ...FILE, size: 5 })).rejects.toMatchObject({
      reason: 'listing_size',
      message: `The file has ${CONTENT.length} bytes, and 5 in the listing.`,
    });
  });

  it.each([
    ['no ranges', 200, { etag: '"v1"' }],
    ['no strong ETag', 206, { etag: 'W/"v1"', 'content-range': 'bytes 0-0/1' }],
    ['no ETag', 206, { 'content-range': 'bytes 0-0/1' }],
  ])('refuses a server with %s where nothing is spooled', async (_, status, headers) => {
    server.fault = (_request, response) => {
      response.writeHead(status, headers).end('x');
      return true;
    };
    await expect(opener([server], always).open(JOB, FILE)).rejects.toMatchObject({
      reason: 'ranges_refused',
    });
  });
});
