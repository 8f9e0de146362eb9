import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A file's text, or undefined where it is not there or may not be read; tests bring files of their own. */
export type ReadText = (path: string) => string | undefined;

/**
 * Folders of the cgroups that this process is in, itself and all above it as far as they can be seen: each of them limits.
 *
 * @param controller of version 1, such as `cpu` or `memory`; version 2 has one hierarchy for all
 */
export function cgroupFolders(controller: string, read: ReadText = readText): string[] {
  const mounts = cgroupMounts(read('/proc/self/mountinfo') ?? '', controller);
  const memberships = (read('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'));
  return memberships.flatMap(([, controllers = '', ...path]) => {
    const isUnified = controllers === '';
    if (!isUnified && !controllers.split(',').includes(controller)) return [];
    return mounts
      .filter((mount) => mount.isUnified === isUnified)
      .flatMap((mount) => foldersUpTo(mount, path.join(':')));
  });
}

interface CgroupMount {
  isUnified: boolean;
  /** The cgroup that is seen at the mount point: a container's own, mostly. */
  root: string;
  point: string;
}

/** Mounts of version 2, and of version 1's controller. */
function cgroupMounts(mountinfo: string, controller: string): CgroupMount[] {
  return mountinfo.split('\n').flatMap((line): CgroupMount[] => {
    // Optional fields end with a lone hyphen.
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '', point = ''] = before.split(' ').map(unescaped);
    const [type, , options = ''] = after.split(' ');
    if (type === 'cgroup2') return [{ isUnified: true, root, point }];
    if (type === 'cgroup' && options.split(',').includes(controller))
      return [{ isUnified: false, root, point }];
    return [];
  });
}

/** mountinfo writes a space as \040. */
const unescaped = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));

function foldersUpTo({ root, point }: CgroupMount, path: string): string[] {
  const below = relative(root, path);
  // A path outside the mount (`/../…`) belongs to a namespace above: what can be seen of it is the mount point.
  const own = below.startsWith('..') ? point : join(point, below);
  const folders = [own];
  while (folders.at(-1) !== point) folders.push(dirname(folders.at(-1)!));
  return folders;
}

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
