// Puts one object twice and says how that ended. Argument: the store's address.
const { randomBytes } = require('node:crypto');
const { crc32 } = require('node:zlib');
const { createObjectStore } = require('#vachan/objects/data-path/create-object-store.js');

const store = createObjectStore({
  region: 'us-east-1',
  endpoint: process.argv[2],
  credentials: async () => ({ accessKeyId: 'id', secretAccessKey: 'secret' }),
  limits: { connectTimeoutMs: 5_000, silenceTimeoutMs: 5_000, maxRetries: 0, backoffBaseMs: 1 },
});
const body = randomBytes(3 * 1024 * 1024);

async function main() {
  for (let round = 0; round < 2; round++) {
    await store.put({ bucket: 'bucket', key: 'key' }, body, { crc32: crc32(body) });
  }
}
main()
  .then(
    () => console.log('stored'),
    (error) => console.log(error.message),
  )
  .finally(() => store.close());
