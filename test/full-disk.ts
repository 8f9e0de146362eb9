import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own that is soon full. */
export interface TinyDisk {
  /** An empty folder on it. */
  folder: string;
  /** Leaves no room for a further byte. */
  fill(): void;
  /** Takes away what {@link fill} has left. */
  free(): void;
  remove(): void;
}

/** Three pages. */
const BYTES = 12 * 1024;
const mount = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

/** @returns undefined where this process may not mount one: a container, or somebody who is not root */
export function mountTinyDisk(): TinyDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'vachan-tiny-disk-'));
  const before = statSync(folder).dev;
  if (
    !mount('mount', '-t', 'tmpfs', '-o', `size=${BYTES}`, 'tmpfs', folder) ||
    statSync(folder).dev === before
  ) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill() {
      for (let bytes = BYTES; bytes >= 1; bytes = Math.floor(bytes / 2)) {
        try {
          writeFileSync(`${filler}-${bytes}`, Buffer.alloc(bytes));
        } catch {
          // Less may fit; what was half written takes its part of the room.
        }
      }
    },
    free() {
      for (let bytes = BYTES; bytes >= 1; bytes = Math.floor(bytes / 2))
        rmSync(`${filler}-${bytes}`, { force: true });
    },
    remove() {
      mount('umount', folder);
      rmSync(folder, { recursive: true });
    },
  };
}
