import { writeLargeRecording, type LargeRecording } from './large-recording.js';

/** In a process of its own, since FFmpeg may end one: the recording is its argument, as JSON. */
writeLargeRecording(JSON.parse(process.argv[2] ?? '{}') as LargeRecording).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
