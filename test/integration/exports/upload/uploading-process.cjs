// Uploads one entry and says so; a test kills it on its way. Argument: JSON of what it needs.
const { createCipheriv } = require('node:crypto');
const { crc32 } = require('node:zlib');
const { S3Client } = require('@aws-sdk/client-s3');
const { createObjectStore } = require('#vachan/objects/data-path/create-object-store.js');
const { createByteBudget } = require('#vachan/platform/byte-budget.js');
const { createExportState } = require('#vachan/pipelines/exports/state/job-state.js');
const { createUploader } = require('#vachan/pipelines/exports/upload/create-uploader.js');
const { createPartBuffers } = require('#vachan/pipelines/exports/upload/part-buffers.js');
const { createUploadRecords } = require('#vachan/pipelines/exports/upload/upload-records.js');

const { server, proxyUrl, bucket, limits, entry, bytes } = JSON.parse(process.argv[2]);
const zeros = Buffer.alloc(bytes);
const content = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(zeros);
const { endpointUrl: endpoint, region, credentials } = server;
const sdk = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
const state = createExportState(sdk, { bucket, prefix: 'state' });
const uploader = createUploader({
  store: createObjectStore({ region, endpoint: proxyUrl, credentials: async () => credentials, limits }),
  records: createUploadRecords(state.objects, state.prefix),
  output: { bucket, prefix: 'out', keyTaken: 'reject' },
  budget: createByteBudget(128 * 1024 * 1024),
  buffers: createPartBuffers(),
});

async function* read(from) {
  for (let start = from; start < bytes; start += 65_536) yield content.subarray(start, start + 65_536);
}
void uploader.upload(
  { ...entry, size: bytes, crc32: crc32(content), content: read },
  { signal: new AbortController().signal, shouldYield: () => false, onProgress: () => undefined },
);
