import {
  AnswerTimeout,
  TooManyQuestions,
  createRecentAnswers,
  type RecentAnswersOptions,
} from '../../../../../src/workers/api/recent-answers.js';

let clock = 0;
const recent = (changes: Partial<RecentAnswersOptions> = {}): ReturnType<typeof createRecentAnswers> =>
  createRecentAnswers({
    keepMs: 1_000,
    timeoutMs: 60_000,
    maxConcurrent: 2,
    maxPending: 3,
    maxEntries: 2,
    now: () => clock,
    ...changes,
  });

/** Counts how often it is asked. */
function counter(): { asked: () => number; ask: () => Promise<number> } {
  let asked = 0;
  return { asked: () => asked, ask: () => Promise.resolve(++asked) };
}
const forever = (): Promise<never> => new Promise(() => undefined);

describe('recent answers', () => {
  test('ask a question once for all who want to know at the same time', async () => {
    const { asked, ask } = counter();
    const answers = recent();
    expect(await Promise.all([1, 2, 3, 4, 5].map(() => answers.get('q', ask)))).toEqual([1, 1, 1, 1, 1]);
    expect(asked()).toBe(1);
  });

  test('ask again once the answer is too old', async () => {
    const { ask } = counter();
    const answers = recent();
    await answers.get('q', ask);
    clock += 999;
    expect(await answers.get('q', ask)).toBe(1);
    clock += 1;
    expect(await answers.get('q', ask)).toBe(2);
  });

  test('remember a failure like an answer, so that a broken server is not hammered', async () => {
    let asked = 0;
    const ask = (): Promise<never> => Promise.reject(new Error(`down ${++asked}`));
    const answers = recent();
    await expect(answers.get('q', ask)).rejects.toThrow('down 1');
    await expect(answers.get('q', ask)).rejects.toThrow('down 1');
    clock += 1_000;
    await expect(answers.get('q', ask)).rejects.toThrow('down 2');
  });

  test('turn callers away when too many different questions are under way', async () => {
    const answers = recent();
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const underWay = ['a', 'b', 'c'].map((key) => answers.get(key, () => held));
    await expect(answers.get('d', counter().ask)).rejects.toThrow(TooManyQuestions);
    letGo();
    await Promise.all(underWay);
    expect(await answers.get('d', counter().ask)).toBe(1);
  });

  test('let a caller go after the timeout and do not ask a second time meanwhile', async () => {
    let asked = 0;
    const ask = (): Promise<never> => {
      asked++;
      return forever();
    };
    const answers = recent({ timeoutMs: 1 });
    await expect(answers.get('q', ask)).rejects.toThrow(AnswerTimeout);
    await expect(answers.get('q', ask)).rejects.toThrow(AnswerTimeout);
    expect(asked).toBe(1);
  });

  test('forget the oldest answer when there are too many', async () => {
    const answers = recent();
    const [a, b, c] = [counter(), counter(), counter()];
    await answers.get('a', a.ask);
    await answers.get('b', b.ask);
    await answers.get('c', c.ask);
    await answers.get('b', b.ask);
    await answers.get('a', a.ask);
    expect([a.asked(), b.asked(), c.asked()]).toEqual([2, 1, 1]);
  });
});
