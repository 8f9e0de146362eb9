import { MAX_PACK_BYTES, MAX_PACK_FILES } from '../contract/limits.js';
import type { ListedFile } from '../contract/listed-file.js';

/** A larger file is a task of its own: so many of these fill a pack. */
const SMALL_BYTES = MAX_PACK_BYTES / MAX_PACK_FILES;
/** Of the ids of one task, each of which may have six bytes where it is escaped: a message of SQS has 256 KiB. */
const MOST_ID_CHARACTERS = 32 * 1024;
/** Tasks that a page is spread over at least, so that a job of a few files uses more than one process. */
const TASKS_A_PAGE = 16;

/**
 * The tasks of a listing page: a file each, or neighbours that are small, at most 64 files or 256 MB, and of no longer ids than a message holds. A file whose size
 * is not listed counts as large. Packs depend on their page alone, which never changes, and so neither do they.
 *
 * @param page in the order of its ordinals
 */
export function packsOf(page: readonly ListedFile[]): ListedFile[][] {
  const most = Math.min(MAX_PACK_FILES, Math.ceil(page.length / TASKS_A_PAGE));
  const packs: ListedFile[][] = [];
  let open: ListedFile[] | undefined;
  let idCharacters = 0;
  for (const file of page) {
    idCharacters += file.file_id.length;
    const isSmall = file.size !== undefined && file.size <= SMALL_BYTES;
    if (!isSmall) {
      packs.push([file]);
      open = undefined;
    } else if (open !== undefined && open.length < most && idCharacters <= MOST_ID_CHARACTERS)
      open.push(file);
    else {
      packs.push((open = [file]));
      idCharacters = file.file_id.length;
    }
  }
  return packs;
}
