import { usableCores } from '../../../../src/platform/cores.js';

const V2_MOUNT = '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate';
const V1_MOUNT = '35 25 0:31 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:12 - cgroup cgroup rw,cpu,cpuacct';

/** A process on 64 cores that sees these files and no others. */
function coresWith(files: Record<string, string>, scheduled = 64): number {
  return usableCores({ scheduled, read: (path) => files[path] });
}

/** A machine with cgroups of version 2; `limits` maps folders below the mount to their cpu.max. */
const unified = (path: string, limits: Record<string, string>, mount = V2_MOUNT): Record<string, string> => ({
  '/proc/self/cgroup': `0::${path}\n`,
  '/proc/self/mountinfo': `23 1 8:1 / / rw - ext4 /dev/sda1 rw\n${mount}\n`,
  ...Object.fromEntries(
    Object.entries(limits).map(([folder, limit]) => [`/sys/fs/cgroup${folder}/cpu.max`, `${limit}\n`]),
  ),
});

/** The same of version 1: `[quota, period]` in microseconds. */
const legacy = (
  path: string,
  limits: Record<string, [string, string]>,
  mount = V1_MOUNT,
): Record<string, string> => {
  const point = mount.split(' ')[4]!;
  return {
    '/proc/self/cgroup': `11:memory:${path}\n4:cpu,cpuacct:${path}\n0::/init.scope\n`,
    '/proc/self/mountinfo': `40 25 0:35 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n${mount}\n30 25 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`,
    ...Object.fromEntries(
      Object.entries(limits).flatMap(([folder, [quota, period]]) => [
        [`${point}${folder}/cpu.cfs_quota_us`, `${quota}\n`],
        [`${point}${folder}/cpu.cfs_period_us`, `${period}\n`],
      ]),
    ),
  };
};

describe('the cores that a process may keep busy', () => {
  test.each<[string, Record<string, string>, number]>([
    ['no cgroups at all', {}, 64],
    ['version 2 without a limit', unified('/', { '': 'max 100000' }), 64],
    ['version 2, one core', unified('/', { '': '100000 100000' }), 1],
    ['version 2, a period of its own', unified('/a', { '/a': '200000 50000' }), 4],
    ['version 2, one and a half', unified('/a', { '/a': '150000 100000' }), 1],
    ['version 2, a tenth', unified('/a', { '/a': '10000 100000' }), 1],
    ['version 2, more than the machine has', unified('/a', { '/a': '9900000 100000' }), 64],
    ['version 1 without a limit', legacy('/', { '': ['-1', '100000'] }), 64],
    ['version 1, three cores', legacy('/q', { '/q': ['300000', '100000'] }), 3],
    ['version 1, one and a half', legacy('/q', { '/q': ['75000', '50000'] }), 1],
  ])('are those of %s', (_, files, cores) => {
    expect(coresWith(files)).toBe(cores);
  });

  test.each<[string, Record<string, string>]>([
    [
      'version 2',
      unified('/pods/pod1/worker', {
        '/pods': '1000000 100000',
        '/pods/pod1': '300000 100000',
        '/pods/pod1/worker': 'max 100000',
      }),
    ],
    [
      'version 1',
      legacy('/pods/pod1/worker', {
        '': ['-1', '100000'],
        '/pods/pod1': ['300000', '100000'],
        '/pods/pod1/worker': ['400000', '100000'],
      }),
    ],
  ])('are those of the narrowest cgroup above it, in %s', (_, files) => {
    expect(coresWith(files)).toBe(3);
  });

  test('are found in a container that sees its own cgroup at the mount point, but the path of the host', () => {
    const inContainer = V1_MOUNT.replace(' / /sys', ' /docker/ab12 /sys');
    expect(coresWith(legacy('/docker/ab12', { '': ['200000', '100000'] }, inContainer))).toBe(2);
    expect(coresWith(legacy('/docker/ab12/inner', { '/inner': ['100000', '100000'] }, inContainer))).toBe(1);
  });

  test('are found where the path leads out of the namespace', () => {
    expect(coresWith(unified('/../../host', { '': '200000 100000' }))).toBe(2);
  });

  test('are found at a mount point with a space in its name', () => {
    const files = unified('/', {}, V2_MOUNT.replace('/sys/fs/cgroup', '/my\\040cgroups'));
    expect(coresWith({ ...files, '/my cgroups/cpu.max': '100000 100000' })).toBe(1);
  });

  test('never exceed those of the cpuset, which the scheduler counts', () => {
    expect(coresWith(unified('/a', { '/a': '400000 100000' }), 2)).toBe(2);
  });

  test.each(['', 'max', '100000', 'none 100000', '100000 0', '0 100000', '-5 -5 x'])(
    'do not stumble over a limit that reads "%s"',
    (limit) => {
      expect(coresWith(unified('/a', { '/a': limit }))).toBeGreaterThanOrEqual(1);
    },
  );

  test('of this very process are whole, and at least one', () => {
    expect(usableCores()).toBeGreaterThanOrEqual(1);
    expect(Number.isInteger(usableCores())).toBe(true);
  });
});
