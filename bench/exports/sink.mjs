// What objects are sent to: it speaks as much S3 as it takes to write them, holds each body against its CRC-32, and forgets it. Its own CPU
// time is nobody's.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';

const NONE = { requests: 0, objects: 0, bytes: 0, wrong: 0 };
const figures = { ...NONE };

const server = createServer(async (request, response) => {
  const { method, url = '' } = request;
  figures.requests += 1;
  let checksum = 0;
  let bytes = 0;
  for await (const chunk of request) {
    checksum = crc32(chunk, checksum);
    bytes += chunk.length;
  }
  const { searchParams, pathname } = new URL(url, 'http://sink');
  const isState = pathname.startsWith('/bench/state/');
  const answer = (status, body = '', headers = {}) => response.writeHead(status, headers).end(body);
  if (method === 'PUT') {
    const stated = request.headers['x-amz-checksum-crc32'];
    const found = Buffer.alloc(4);
    found.writeUInt32BE(checksum);
    if (!isState) {
      figures.bytes += bytes;
      if (!searchParams.has('partNumber')) figures.objects += 1;
      if (stated !== undefined && stated !== found.toString('base64')) figures.wrong += 1;
    }
    return answer(200, '', { etag: `"${checksum.toString(16)}"` });
  }
  if (method === 'POST' && searchParams.has('uploads')) {
    const document =
      '<InitiateMultipartUploadResult><UploadId>upload</UploadId></InitiateMultipartUploadResult>';
    return answer(200, document, { 'x-amz-checksum-type': 'FULL_OBJECT' });
  }
  if (method === 'POST') {
    figures.objects += 1;
    return answer(200, '<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>');
  }
  if (method === 'DELETE') return answer(204);
  return answer(404, method === 'HEAD' ? undefined : '<Error><Code>NoSuchKey</Code></Error>');
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(JSON.stringify({ ready: { url: `http://127.0.0.1:${port}` } }));
});
for await (const asked of createInterface({ input: process.stdin })) {
  if (asked === 'quit') break;
  console.log(JSON.stringify(figures));
  Object.assign(figures, NONE);
}
process.exit(0);
