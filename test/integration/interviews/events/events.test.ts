import { ObjectId } from 'mongodb';
import { endOf } from '#vachan/pipelines/interviews/events/event-of.js';
import { job } from '../../../unit/interviews/events/jobs.js';
import { ended, eventsUnderTest, failed } from './events-under-test.js';

const AT = new Date('2026-01-02T03:00:00Z');

describe('events of interviews in MongoDB', () => {
  let at: Awaited<ReturnType<typeof eventsUnderTest>>;
  beforeEach(async () => {
    at = await eventsUnderTest();
  });
  afterEach(() => at.close());
  const record = (...args: Parameters<typeof at.events.record>) => at.events.record(...args);

  it('have consecutive revisions, which the receiver is told', async () => {
    const first = await record(ended('a'), true);
    const second = await record(ended('b'), true);
    expect([first.revision, second.revision]).toEqual([1, 2]);
    expect(second.data).toEqual({ interview_id: 'i-1', revision: 2 });
    expect((await record(ended('a', 'i-2'), true)).revision).toBe(1);
  });

  it('are written once for a state, whoever asks and how often', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => record(ended('a'), true)));
    expect(new Set(all.map(({ webhook_id }) => webhook_id)).size).toBe(1);
    expect(await at.collection.countDocuments()).toBe(1);
  });

  it('get a revision each where many are written at once', async () => {
    const states = ['a', 'b', 'c', 'd', 'e', 'f'];
    const all = await Promise.all(states.map((state) => record(failed(state, state), true)));
    expect(all.map(({ revision }) => revision).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('supersede an older one that was not delivered, of the same subject alone', async () => {
    const old = await record(ended('a'), true);
    const failure = await record(failed('x', 'job'), true);
    const fresh = await record(ended('b'), true);
    expect(await at.events.pending(old.event_id)).toBeUndefined();
    expect(await at.events.pending(failure.event_id)).toBeDefined();
    expect(await at.events.pending(fresh.event_id)).toBeDefined();
  });

  it('leave a delivered one as it is', async () => {
    const old = await record(ended('a'), true);
    await at.events.delivered(old.event_id, { at: AT, http_status: 204 });
    await record(ended('b'), true);
    const [, first] = await at.events.of('i-1');
    expect(first).toMatchObject({ status: 'delivered', tries: 1, last_try: { at: AT, http_status: 204 } });
  });

  it('keep what each try brought, and when the next is due', async () => {
    const { event_id: id } = await record(ended('a'), true);
    const next = new Date(AT.getTime() + 5_000);
    await at.events.failed(id, { at: AT, problem: 'answered 503', http_status: 503 }, next);
    expect(await at.events.pending(id)).toMatchObject({ tries: 1, event: { type: 'interview.completed' } });
    expect((await at.events.of('i-1'))[0]).toMatchObject({ status: 'pending', next_try_at: next });

    await at.events.failed(id, { at: AT, problem: 'answered 503' }, undefined);
    const [last] = await at.events.latest({ limit: 1, status: 'undelivered' });
    expect(last).toMatchObject({ event_id: id, tries: 2 });
    expect(last).not.toHaveProperty('next_try_at');
  });

  it('are kept unsent where there is nowhere to send them, and can be sent later', async () => {
    const { event_id: id, status } = await record(ended('a'), false);
    expect(status).toBe('unsent');
    expect(await at.events.pending(id)).toBeUndefined();
    expect(await at.events.resend('i-1')).toHaveLength(1);
    expect(await at.events.pending(id)).toBeDefined();
  });

  it('are sent again under the same id and with the same bytes', async () => {
    const { event_id: id } = await record(ended('a'), true);
    const first = await at.events.pending(id);
    await at.events.delivered(id, { at: AT });
    await at.events.resend('i-1');
    expect(await at.events.pending(id)).toEqual({ ...first, tries: 0 });
  });

  it('that wait for their next try are due at once, when somebody asks for them', async () => {
    const { event_id: id } = await record(ended('a'), true);
    await at.events.failed(id, { at: AT, problem: 'answered 503' }, new Date(Date.now() + 3_600_000));
    expect(await at.events.resend('i-1', { undelivered: true })).toEqual([]);
    await at.events.resend('i-1');
    const [event] = await at.events.of('i-1');
    expect(event).toMatchObject({ status: 'pending', tries: 0 });
    expect(event).not.toHaveProperty('next_try_at');
  });

  it('vanish with their interview', async () => {
    await record(ended('a'), true);
    await record(ended('a', 'i-2'), true);
    expect(await at.events.deleteOf('i-1')).toBe(1);
    expect(await at.events.latest({ limit: 10 })).toHaveLength(1);
  });

  describe('that are missing', () => {
    const recent = { ended_at: new Date(), interview_id: 'i-1' };
    it('are found by the jobs that have ended', async () => {
      await at.addJobs(job(1, recent), job(2, { ...recent, interview_id: 'i-2', status: '0' }));
      expect(await at.events.untold()).toEqual(['1'.repeat(24)]);
    });

    it('are none once the end was told, and one again when a job has ended since', async () => {
      await at.addJobs(job(1, recent));
      const told = await record(endOf('i-1', [job(1)]), true);
      await at.events.delivered(told.event_id, { at: AT });
      expect(await at.events.untold()).toEqual([]);

      await at.addJobs(job(2, recent));
      expect(await at.events.untold()).toEqual([expect.stringMatching(/^[12]{24}$/)]);
    });

    it('are looked for among documents that are no jobs, and in documents of others', async () => {
      await at.addJobs(job(1, recent));
      await at.addJobs(
        { ...job(2, recent), key: 7 as never },
        { ...job(3, recent), revision: null as never },
      );
      const known = [job(1), job(3)];
      const told = await record(endOf('i-1', known), true);
      await at.events.delivered(told.event_id, { at: AT });
      expect(await at.events.untold()).toEqual([]);
    });

    it('are as well those that wait to be delivered', async () => {
      await at.addJobs(job(1, { interview_id: 'i-1', ended_at: new Date(0) }));
      await record(ended('a'), true);
      expect(await at.events.untold()).toEqual(['1'.repeat(24)]);
    });
  });

  it('remember which endpoint is disabled', async () => {
    expect(await at.states.disabled('k')).toBeUndefined();
    await at.states.disable('k', { at: AT, reason: 'answered 410' });
    expect(await at.states.disabled('k')).toEqual({ at: AT, reason: 'answered 410' });
    expect(await at.states.enable('k')).toBe(true);
    expect(await at.states.enable('k')).toBe(false);
  });

  it('answer nothing for an id that is none of theirs', async () => {
    expect(await at.events.pending(new ObjectId().toHexString())).toBeUndefined();
  });
});
