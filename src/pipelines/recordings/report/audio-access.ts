import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createDownloadClient } from '../../../objects/download/download-client.js';
import { s3Address } from '../../../objects/s3-settings.js';
import { DependencyUnavailable } from '../../../platform/errors.js';
import { parseAudioLocation } from '../audio/audio-location.js';
import { createAudioFetcher, locationRules, type FetchSettings } from '../audio/fetch-audio.js';

/** Reads recordings as a worker does, under the same settings and with this machine's own permissions. */
export interface AudioAccess {
  /** @throws AudioError of the fitting class */
  fetchAudio(address: string, path: string, signal: AbortSignal): Promise<unknown>;
  /**
   * An address that plays the recording for so many seconds to whoever has it.
   *
   * @throws AudioLocationRefused where Vachan may not read
   * @throws DependencyUnavailable without credentials to sign with
   */
  link(address: string, seconds: number): Promise<string>;
  close(): void;
}

export function openAudioAccess(settings: FetchSettings): AudioAccess {
  const fetcher = createAudioFetcher(settings);
  const rules = locationRules(settings);
  const s3 = createDownloadClient(
    { connectTimeoutMs: settings.S3_CONNECT_TIMEOUT_SECONDS * 1000, maxConcurrency: 1 },
    s3Address(settings),
  );
  return {
    fetchAudio: fetcher.fetchAudio,
    async link(address, seconds) {
      const location = parseAudioLocation(address, rules);
      if (location.kind === 'url') return location.url.href;
      const { bucket: Bucket, key: Key, versionId } = location;
      const command = new GetObjectCommand({ Bucket, Key, ...(versionId && { VersionId: versionId }) });
      try {
        return await getSignedUrl(s3, command, { expiresIn: seconds });
      } catch (cause) {
        throw new DependencyUnavailable(
          `An address that plays a recording could not be signed: ${(cause as Error).message}`,
          { cause },
        );
      }
    },
    close() {
      fetcher.close();
      s3.destroy();
    },
  };
}
