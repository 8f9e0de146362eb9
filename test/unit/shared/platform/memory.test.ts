import { memoryUse } from '../../../../src/platform/memory.js';

const GIB = 1024 ** 3;
const MEMINFO = `MemTotal:       ${16 * 1024 * 1024} kB\nMemFree:  1 kB\nAnonPages:       ${4 * 1024 * 1024} kB\n`;
const V2 = '30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw';
const V1 = '35 25 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory';

function useWith(files: Record<string, string>): ReturnType<typeof memoryUse> {
  return memoryUse((path) => files[path]);
}

const unified = (limit: string): Record<string, string> => ({
  '/proc/meminfo': MEMINFO,
  '/proc/self/cgroup': '0::/\n',
  '/proc/self/mountinfo': `${V2}\n`,
  '/sys/fs/cgroup/memory.max': `${limit}\n`,
  // Page cache fills whatever is free, and is no reason to stop.
  '/sys/fs/cgroup/memory.stat': `anon ${GIB}\nfile ${6 * GIB}\n`,
});

describe('the memory in use', () => {
  test('is what cannot be given back, of the limit of the cgroup', () => {
    expect(useWith(unified(String(8 * GIB)))).toEqual({ limitBytes: 8 * GIB, anonymousBytes: GIB });
  });

  test('is that of version 1 as well, with the cgroups below', () => {
    const files = {
      '/proc/meminfo': MEMINFO,
      '/proc/self/cgroup': '9:memory:/docker/ab\n',
      '/proc/self/mountinfo': `${V1}\n`,
      '/sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes': `${2 * GIB}\n`,
      '/sys/fs/cgroup/memory/docker/ab/memory.stat': `rss 5\ntotal_cache 7\ntotal_rss ${GIB}\n`,
    };
    expect(useWith(files)).toEqual({ limitBytes: 2 * GIB, anonymousBytes: GIB });
  });

  test.each(['max', '9223372036854771712', String(64 * GIB)])(
    'is that of the machine where the cgroup has no limit below it: %s',
    (limit) => {
      expect(useWith(unified(limit))).toEqual({ limitBytes: 16 * GIB, anonymousBytes: 4 * GIB });
    },
  );

  test('is not known where nothing can be read', () => {
    expect(useWith({})).toBeUndefined();
  });
});
