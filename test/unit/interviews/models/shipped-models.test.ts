import { compareModel, FETCHED_MODEL, MODELS } from '../../../../tools/models/verify-models.js';

it.each(MODELS.filter((model) => model !== FETCHED_MODEL))(
  'the shipped %s answers as its original runtime does',
  async (model) => {
    const comparisons = await compareModel(model);
    expect(comparisons.length).toBeGreaterThanOrEqual(2);
    expect(comparisons.filter(({ difference, most }) => !(difference <= most))).toEqual([]);
  },
);
