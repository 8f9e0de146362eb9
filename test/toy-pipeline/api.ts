import { z } from 'zod';
import type { Api } from '#vachan/platform/http/api.js';
import type { Numbers } from './numbers.js';

/** `GET /api/v1/<pipeline>/squares`: the squares that there are, added up. */
export function toyApi(pipeline: string, numbers: Pick<Numbers, 'total'>): Api {
  return {
    components: { ToyTotal: z.object({ squares: z.number().int(), sum: z.number().int() }) },
    operations: [
      {
        path: `/${pipeline}/squares`,
        operationId: `get_${pipeline}_squares`,
        summary: 'The squares, added up',
        description: 'How many squares are stored, and their sum.',
        answer: 'ToyTotal',
        problems: {},
        ask: () => numbers.total(),
      },
    ],
  };
}
