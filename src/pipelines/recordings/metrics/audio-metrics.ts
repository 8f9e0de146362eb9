import { Counter, type Registry } from 'prom-client';

export interface AudioMetrics {
  /** A recording that was decoded. */
  addAudio(audio: { bytes: number; seconds: number }): void;
}

export function createAudioMetrics(registry: Registry): AudioMetrics {
  const bytes = new Counter({
    name: 'vachan_audio_bytes_total',
    help: 'Bytes of the recordings that were decoded.',
    registers: [registry],
  });
  const duration = new Counter({
    name: 'vachan_audio_seconds_total',
    help: 'Seconds of audio that were decoded.',
    registers: [registry],
  });
  return {
    addAudio(audio) {
      bytes.inc(audio.bytes);
      duration.inc(audio.seconds);
    },
  };
}
