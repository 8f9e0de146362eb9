import { z } from 'zod';
import { InvalidInput } from '../../../../platform/errors.js';
import { askService, type AnalysisService } from '../service/ask-service.js';
import type { ContentAnalyser } from './content-analyser.js';
import { countingAnalyser } from './count-content.js';

const shortText = z.string().max(200);
const place = z.number().int().min(0);
const seconds = z.number().min(0);
const keyPointSchema = z.object({
  key_point: place,
  covered: z.boolean(),
  score: z.number().min(0).max(1),
  at: z.object({ start: seconds, end: seconds }).nullable().default(null),
});
const questionSchema = z.object({
  question: place,
  key_points: z.array(keyPointSchema).max(1_000).default([]),
  coverage: z.number().min(0).max(1).nullable().default(null),
});

/** What a service answers; docs/measures.md shows one. */
const answerSchema = z.object({
  name: shortText.min(1),
  version: shortText.min(1),
  questions: z.array(questionSchema).max(1_000).default([]),
  findings: z.record(shortText, z.union([shortText, z.number(), z.boolean(), z.null()])).optional(),
});

/**
 * Asks a service: it gets `{language, segments, questions}` as JSON, and no id of the interview. Words and sentences are counted here.
 */
export function createHttpContentAnalyser(service: AnalysisService): ContentAnalyser {
  return {
    async analyse(said, signal) {
      const { transcript, questions } = said;
      const { language, segments } = transcript;
      const body = Buffer.from(JSON.stringify({ language, segments, questions }));
      const answer = await askService(service, { contentType: 'application/json', body }, signal);
      const parsed = answerSchema.safeParse(answer);
      if (!parsed.success) {
        // Paths alone: values may be what was said.
        const paths = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'all of it'))];
        throw new InvalidInput(`${service.name} answered another shape (${paths.slice(0, 5).join(', ')})`);
      }
      const { name, version, questions: covered, findings } = parsed.data;
      return {
        ...(await countingAnalyser.analyse({ transcript, questions: [] })),
        engine: { name, version },
        questions: covered,
        ...(findings !== undefined && { findings }),
      };
    },
    close: () => service.policy.close(),
  };
}
