import fc from 'fast-check';
import { resultDocumentId } from '../../../../src/pipelines/recordings/contract/identity.js';
import { recordingFifoIds } from '../../../../src/pipelines/recordings/contract/fifo-ids.js';
import { sourceRow } from './arbitraries.js';

const idsOf = (row: Parameters<typeof recordingFifoIds>[0], sending: string) =>
  recordingFifoIds(row, resultDocumentId(row, 'recording'), sending);

test('both ids are what SQS takes, and begin with the id of the result', () => {
  fc.assert(
    fc.property(sourceRow, fc.string(), (row, sending) => {
      const { groupId, deduplicationId } = idsOf(row, sending);
      for (const id of [groupId, deduplicationId]) expect(id).toMatch(/^[0-9a-f-]{1,128}$/);
      expect(groupId).toBe(resultDocumentId(row, 'recording'));
      expect(deduplicationId.startsWith(groupId)).toBe(true);
    }),
  );
});

test('one sending of one row has one id; another sending, row or signature has another', () => {
  fc.assert(
    fc.property(sourceRow, (row) => {
      const first = idsOf(row, 'run-1').deduplicationId;
      expect(idsOf({ ...row }, 'run-1').deduplicationId).toBe(first);
      for (const other of [
        idsOf(row, 'run-2'),
        idsOf({ ...row, mongo_doc_id: `${row.mongo_doc_id}0` }, 'run-1'),
        idsOf({ ...row, audio_s3_url: `${row.audio_s3_url}?X-Amz-Signature=b` }, 'run-1'),
      ]) {
        expect(other.deduplicationId).not.toBe(first);
      }
    }),
  );
});
