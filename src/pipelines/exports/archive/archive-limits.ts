/** What a reader takes on. Entries past `maxRatio` or `maxEntryBytes` are taken where the metadata states that very size. */
export interface ArchiveLimits {
  maxEntries: number;
  maxDirectoryBytes: number;
  /** Inflated to deflated, of entries of more than `ratioFromBytes`. */
  maxRatio: number;
  ratioFromBytes: number;
  maxEntryBytes: number;
  /** In UTF-8, without the prefix that a key has besides. */
  maxNameBytes: number;
  /** A backslash in a name: refused, or read as `/` as archives of Windows before .NET 4.6.1 mean it. */
  backslash: 'refuse' | 'separator';
}

const MEBIBYTE = 1024 * 1024;

export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = {
  maxEntries: 1_000_000,
  // Names of 20 bytes in a million entries; it is held in memory while a file is worked on.
  maxDirectoryBytes: 64 * MEBIBYTE,
  // Logs and CSV reach 30; deflate itself cannot pass 1,032.
  maxRatio: 200,
  ratioFromBytes: 64 * MEBIBYTE,
  // The largest object of S3 that every tool can copy.
  maxEntryBytes: 5 * 1024 ** 2 * MEBIBYTE,
  // The longest key of S3.
  maxNameBytes: 1_024,
  // Archives with such names are common, and metadata has to know the name that comes of it.
  backslash: 'separator',
};
