/** Files of one job; one more ends it as `too_many_files`. */
export const MAX_FILES = 1_000_000;

/** Files of one download task. */
export const MAX_PACK_FILES = 64;
/** Listed bytes of one task that has more than one file. */
export const MAX_PACK_BYTES = 256 * 1024 * 1024;
