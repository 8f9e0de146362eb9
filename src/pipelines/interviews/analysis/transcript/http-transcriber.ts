import { z } from 'zod';
import { InvalidInput } from '../../../../platform/errors.js';
import { SPEECH_RATE_HZ } from '../../models/speech/speech-segments.js';
import { pieceOf } from '../../models/transcript/moonshine.js';
import type { TranscribedSpeech } from '../../contract/audio-part.js';
import type { Transcriber } from '../../models/transcript/transcriber.js';
import { askService, type AnalysisService } from '../service/ask-service.js';
import { wavBytes } from './wav-bytes.js';

/** Half a minute of speech has a hundred words. */
const answerSchema = z.object({ text: z.string().max(20_000) });
/** Separates the parts of a form; no sound holds these bytes. */
const BOUNDARY = 'vachan-1f0c6a4e9d7b4b0f8a3c5e2d';

/**
 * Asks a service that speaks OpenAI's `POST /v1/audio/transcriptions` (`multipart/form-data` with `file`, `model`, `language`;
 * `{"text"}` back), as many servers of Whisper do. It gets pieces of speech of at most half a minute, and no id of the interview.
 */
export function createHttpTranscriber(service: AnalysisService, model: string): Transcriber {
  return {
    name: model,
    version: service.url.host,
    async transcribe(pcm16k, segments, { language }) {
      const pieces = segments.map((segment) => pieceOf(pcm16k, segment));
      const transcript: TranscribedSpeech[] = [];
      for (const [index, { start, end }] of segments.entries()) {
        const body = formOf(
          { model, language, response_format: 'json' },
          wavBytes(pieces[index]!, SPEECH_RATE_HZ),
        );
        const contentType = `multipart/form-data; boundary=${BOUNDARY}`;
        const answer = answerSchema.safeParse(await askService(service, { contentType, body }));
        if (!answer.success) throw new InvalidInput(`${service.name} answered no text`);
        transcript.push({ start, end, text: answer.data.text.trim() });
      }
      return transcript;
    },
    release() {
      service.policy.close();
      return Promise.resolve();
    },
  };
}

function formOf(fields: Readonly<Record<string, string>>, wav: Buffer): Buffer {
  const part = (disposition: string, more: string): string =>
    `--${BOUNDARY}\r\ncontent-disposition: form-data; ${disposition}\r\n${more}\r\n`;
  const head = Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`, '')}${value}\r\n`);
  return Buffer.concat([
    Buffer.from(head.join('') + part('name="file"; filename="speech.wav"', 'content-type: audio/wav\r\n')),
    wav,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}
