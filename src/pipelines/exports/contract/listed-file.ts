export const CHECKSUM_ALGORITHMS = ['crc32', 'crc64nvme', 'md5', 'sha1', 'sha256'] as const;

/** What the Export API says of a file's bytes; hexadecimal or base64, as it was given. */
export interface FileChecksum {
  algorithm: (typeof CHECKSUM_ALGORITHMS)[number];
  value: string;
}

/** A file of a job as it was listed: a line of `listing/<n>.ndjson`. Its ordinal comes only from there. */
export interface ListedFile {
  ordinal: number;
  file_id: string;
  name: string;
  size?: number;
  checksum?: FileChecksum;
}
