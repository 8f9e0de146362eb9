import { resultDocumentSchema } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { buildResultDocument } from '../../../../src/pipelines/recordings/results/build-result.js';
import { AUDIO, INFERENCE, recordingMessage } from './deliveries.js';

const build = (message = recordingMessage()) =>
  buildResultDocument({
    message,
    pipelineName: 'audio_anomaly',
    basis: 'recording',
    inference: INFERENCE,
    audio: AUDIO,
    processing: {
      message_id: 'message-1',
      receive_count: 2,
      workflow_id: 'workflow-1',
      batch_id: 'batch-1',
      processed_at: new Date('2025-12-20T20:00:05.000Z'),
      timings_ms: { decode: 4 },
    },
  });

test('a result document satisfies its schema and holds dates as dates', () => {
  const document = build();
  expect(resultDocumentSchema.parse(document)).toEqual(document);
  expect(document.source.test_date).toEqual(new Date('2025-12-20T00:00:00.000Z'));
  expect(document.source.source_record_id).toBeNull();
});

test('no part of a result document holds the signature of a presigned address', () => {
  const document = build();
  expect(JSON.stringify(document)).not.toContain('secret');
  expect(document.source.audio_s3_url).toBe('https://bucket.s3.amazonaws.com/a.wav');
});

test('a re-signed address is the same result', () => {
  const again = build(
    recordingMessage({ audio_s3_url: 'https://bucket.s3.amazonaws.com/a.wav?X-Amz-Signature=2' }),
  );
  expect(again._id).toBe(build()._id);
});
