import { env } from 'node:process';

/** Where programs, libraries and temporary files are, and in which language; nothing that a stranger's bytes could be after. */
const NEEDED = [
  'PATH',
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'DYLD_LIBRARY_PATH',
  'TMPDIR',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'MALLOC_ARENA_MAX',
];

/**
 * What a process that decodes bytes from strangers gets of this one's environment, which holds the secrets of
 * databases, queues and Temporal. Its own children (`ffmpeg`, `ffprobe`) inherit the same.
 */
export function memberEnvironment(environment: NodeJS.ProcessEnv = env): NodeJS.ProcessEnv {
  return Object.fromEntries(
    NEEDED.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}
