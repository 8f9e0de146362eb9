// Reads an object three times from the server that its argument names; says the SHA-256 of each.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { createDownloader } = require('#vachan/objects/download.js');
const { createDownloadClient } = require('#vachan/objects/download/download-client.js');

const [, , endpoint, folder] = process.argv;
const options = {
  maxBytes: 10_000_000,
  maxConcurrency: 1,
  connectTimeoutMs: 5_000,
  silenceTimeoutMs: 5_000,
  attemptTimeoutMs: 20_000,
  maxRetries: 0,
  backoffBaseMs: 1,
};
const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };

(async () => {
  const s3 = createDownloadClient(options, { region: 'ap-south-1', endpoint, credentials });
  const downloader = createDownloader({ s3, options });
  for (let n = 0; n < 3; n++) {
    const path = join(folder, String(n));
    await downloader.download({ kind: 's3', bucket: 'readings', key: 'a.wav' }, path);
    console.log(createHash('sha256').update(readFileSync(path)).digest('hex'));
  }
  downloader.close();
  s3.destroy();
})();
