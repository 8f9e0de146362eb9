import type { AWS_SETTINGS } from '../../../../platform/config/settings/aws-settings.js';
import type { SettingsOf } from '../../../../platform/config/settings-table.js';
import type { EXPORT_API_SETTINGS, EXPORT_DOWNLOAD_SETTINGS } from '../../settings/api-settings.js';
import type { ExportSources } from '../sources.js';
import { createLinkPolicy } from './link-policy.js';
import { createLinkOpener, type LinkOpener, type Spool } from './open-link.js';
import type { LinkOptions } from './ranged-link.js';

export type LinkSettings = SettingsOf<typeof EXPORT_DOWNLOAD_SETTINGS> &
  Pick<SettingsOf<typeof EXPORT_API_SETTINGS>, 'EXPORT_PRIVATE_HOSTS'> &
  Pick<SettingsOf<typeof AWS_SETTINGS>, 'AWS_ENDPOINT_URL'>;

/**
 * Opens files by their links, as the settings say; one a process.
 *
 * @param spool makes what keeps files that cannot be read in place; undefined refuses them
 */
export function createLinks(
  settings: LinkSettings,
  sources: ExportSources,
  spool: (options: LinkOptions) => Spool | undefined,
): LinkOpener & { close(): void } {
  const policy = createLinkPolicy({
    privateHosts: settings.EXPORT_PRIVATE_HOSTS,
    endpointUrl: settings.AWS_ENDPOINT_URL,
  });
  const options: LinkOptions = {
    policy,
    stallMs: settings.EXPORT_DOWNLOAD_STALL * 1000,
    maxRetries: settings.EXPORT_DOWNLOAD_MAX_RETRIES,
  };
  return {
    ...createLinkOpener({ sources, options, spool: spool(options) }),
    close: () => policy.close(),
  };
}
