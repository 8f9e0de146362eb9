import type { ListedFile } from '../../contract/listed-file.js';
import { FileRefused } from '../../errors.js';

/** @throws FileRefused `listing_size` */
export function checkListedSize(file: ListedFile, size: number): void {
  if (file.size === undefined || file.size === size) return;
  throw new FileRefused('listing_size', `The file has ${size} bytes, and ${file.size} in the listing.`);
}
