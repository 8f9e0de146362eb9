import { z } from 'zod';

/** RFC 9457. */
export const problemSchema = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().meta({ description: 'What was wrong and what was expected, for a person.' }),
  instance: z.string().meta({ description: 'The path that was asked.' }),
});
export type Problem = z.infer<typeof problemSchema>;
