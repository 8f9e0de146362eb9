import { join } from 'node:path';

const fixtures = join(__dirname, '..', '..', '..', 'fixtures', 'audio');

/** Every recording among the fixtures that can be decoded, with its seconds by FFmpeg 8 and, where it reads it to the end, librosa. */
const SECONDS: Readonly<Record<string, number>> = {
  'files/speech.wav': 1.1,
  'files/speech-8k.wav': 1.1,
  'files/speech-8bit.wav': 1.1,
  'files/speech-24bit.wav': 1.1,
  'files/speech-44k-stereo.wav': 0.35,
  'files/speech.aiff': 1.1,
  'files/speech.caf': 1.1,
  'files/speech.flac': 1.1,
  'files/speech.mp3': 1.1,
  'files/speech.m4a': 1.1,
  'files/speech-index-first.m4a': 1.1,
  'files/speech-fragmented.mp4': 1.216,
  'files/speech-late.mp4': 1.216,
  'files/speech.aac': 1.216,
  'files/speech.latm': 1.216,
  'files/speech.ogg': 1.1,
  'files/speech.opus': 1.1,
  'files/speech-late.opus': 1.1,
  'files/speech.webm': 1.1,
  'files/speech-live.webm': 1.1,
  'files/speech-late.webm': 1.1,
  'files/speech.amr': 1.1,
  'files/speech.3gp': 1.1,
  'received/mp3-vbr-noxing-1s.mp3': 7.027,
  'received/mp3-vbr-noxing-ffmpeg.mp3': 7.027,
  'received/mp3-vbr-noxing-pausefirst.mp3': 9.038,
  'received/mp3-xing-no-frames-flag.mp3': 7.027,
  // librosa keeps the 25 ms of padding that the encoder put before it, and says so in the same header.
  'received/mp3-xing-zero-frames.mp3': 7.002,
  'received/ogg-opus-chained-mono-stereo.opus': 12,
  'received/ogg-vorbis-chained-44-16.ogg': 12,
  'received/3gp-trailer.3gp': 6.594,
  // FFmpeg takes the boundary behind it for one more frame: 8.04.
  'received/amr-trailer.amr': 8.02,
  // FFmpeg before version 6 goes on for the encoder's padding: 6.014.
  'received/m4a-apev2-trailer.m4a': 6,
  'received/m4a-id3v1-trailer.m4a': 6,
  'received/m4a-multipart-trailer.m4a': 6,
  'received/webm-junk-trailer.webm': 6,
  'received/webm-junk2-trailer.webm': 6,
  'received/wav-ext-24in32-short.wav': 3,
  'received/wav-ext-8in16.wav': 6,
  'received/wav-pcm24-blockalign4.wav': 3,
  'received/arecord-killed.wav': 6,
  'received/espeak-stdout.wav': 2.376,
  'received/sox-pipe.wav': 6,
};

export interface Recording {
  /** Folder and name under the audio fixtures. */
  name: string;
  path: string;
  seconds: number;
}

export const RECORDINGS: readonly Recording[] = Object.entries(SECONDS).map(([name, seconds]) => ({
  name,
  path: join(fixtures, name),
  seconds,
}));
