import type { ExportsSettings } from '../settings/index.js';
import { DEFAULT_ARCHIVE_LIMITS, type ArchiveLimits } from './archive-limits.js';

export function archiveLimits(
  settings: Pick<
    ExportsSettings,
    | 'EXPORT_MAX_ENTRIES'
    | 'EXPORT_MAX_DIRECTORY_BYTES'
    | 'EXPORT_MAX_ENTRY_BYTES'
    | 'EXPORT_MAX_RATIO'
    | 'EXPORT_BACKSLASH_IS_SLASH'
  >,
): ArchiveLimits {
  return {
    ...DEFAULT_ARCHIVE_LIMITS,
    maxEntries: settings.EXPORT_MAX_ENTRIES,
    maxDirectoryBytes: settings.EXPORT_MAX_DIRECTORY_BYTES,
    maxEntryBytes: settings.EXPORT_MAX_ENTRY_BYTES,
    maxRatio: settings.EXPORT_MAX_RATIO,
    backslash: settings.EXPORT_BACKSLASH_IS_SLASH ? 'separator' : 'refuse',
  };
}
