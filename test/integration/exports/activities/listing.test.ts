import { api, freshPlan, idsOf, list, listed, served, state, useJobs } from './jobs-under-test.js';

useJobs();

describe('listing an export', () => {
  test('writes each page ahead, and gives ordinals in the order of the listing', async () => {
    const plan = freshPlan();
    api.add({ id: plan.export_id, files: served(idsOf(25)), pageSize: 10, emptyPages: [1] });
    expect(await list(plan)).toEqual({ listed: 25, all_listed: true });
    const files = await listed(plan);
    expect(files.map(({ ordinal, file_id }) => [ordinal, file_id])).toEqual(
      idsOf(25).map((id, ordinal) => [ordinal, id]),
    );
    expect(files[3]).toMatchObject({ name: 'file-3.zip', size: 6 });
  });

  test('again, in another order and with more files, keeps ordinals and appends what is new', async () => {
    const plan = freshPlan();
    const ids = idsOf(25);
    api.add({ id: plan.export_id, files: served(ids), pageSize: 10 });
    await list(plan);
    api.add({ id: plan.export_id, files: served([...ids].reverse().concat('late')), pageSize: 7 });
    expect(await list(plan)).toEqual({ listed: 26, all_listed: true });
    expect((await listed(plan)).map(({ file_id: id }) => id)).toEqual([...ids, 'late']);
  });

  test('gathers small pages, which each later activity reads again', async () => {
    const plan = freshPlan();
    api.add({ id: plan.export_id, files: served(idsOf(40)), pageSize: 1 });
    expect(await list(plan)).toEqual({ listed: 40, all_listed: true });
    expect((await state.of(plan).listing.readPage(0))?.length).toBe(40);
  });

  test('does not ask again for the pages that came before one that failed', async () => {
    const plan = freshPlan();
    const exportId = plan.export_id;
    api.add({ id: exportId, files: served(idsOf(25)), pageSize: 5 });
    api.fault({ on: 'files', exportId, skip: 3, fault: { status: 503, retryAfterSeconds: 60 } });
    await expect(list(plan)).rejects.toThrow('503');
    expect(await listed(plan)).toHaveLength(15);
    expect(await list(plan)).toEqual({ listed: 25, all_listed: true });
    expect((await listed(plan)).map(({ file_id: id }) => id)).toEqual(idsOf(25));
    const asked = api.log.records.filter((record) => record.kind === 'files' && record.exportId === exportId);
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 200, 503, 200, 200]);
  });

  test.each(['its files are written', 'it is noted where it stands'])(
    'that dies before %s loses no file, and lists none twice',
    async (what) => {
      const plan = freshPlan();
      const exportId = plan.export_id;
      api.add({ id: exportId, files: served(idsOf(25)), pageSize: 5 });
      api.fault({ on: 'files', exportId, skip: 3, fault: { status: 503, retryAfterSeconds: 60 } });
      const dies = (): Promise<never> => Promise.reject(new Error('died'));
      const job = state.of(plan);
      const dying =
        what === 'its files are written'
          ? { of: () => ({ ...job, listing: { ...job.listing, writePage: dies } }), objects: state.objects }
          : { of: () => job, objects: { ...state.objects, write: dies } };
      await expect(list(plan, { state: dying })).rejects.toThrow('died');
      expect(await list(plan)).toEqual({ listed: 25, all_listed: true });
      expect((await listed(plan)).map(({ file_id: id }) => id)).toEqual(idsOf(25));
    },
  );

  test('again, when a file is another one by now, keeps its page and notes what is said of it', async () => {
    const plan = freshPlan();
    api.add({ id: plan.export_id, files: served(['a', 'b']) });
    await list(plan);
    const changed = served(['a', 'b longer than before']).map((file, n) => ({ ...file, id: 'ab'[n]! }));
    api.add({ id: plan.export_id, files: changed });
    await list(plan);
    const [first, second] = await listed(plan);
    const { listing } = state.of(plan);
    expect(second).toMatchObject({ file_id: 'b', size: 1 });
    expect(await listing.restated(first!)).toBeUndefined();
    expect(await listing.restated(second!)).toMatchObject({ ordinal: 1, file_id: 'b', size: 20 });
  });

  test('an id that comes twice is one file', async () => {
    const plan = freshPlan();
    api.add({ id: plan.export_id, files: served(['a', 'b', 'a', 'c']), pageSize: 2 });
    expect(await list(plan)).toEqual({ listed: 3, all_listed: true });
  });

  test('with more files than a job may have is refused before they are listed', async () => {
    const plan = freshPlan();
    api.add({ id: plan.export_id, files: served(idsOf(25)), pageSize: 10 });
    expect(await list(plan, { maxFiles: 20 })).toMatchObject({ refused: { reason: 'too_many_files' } });
    expect(await listed(plan)).toHaveLength(20);
  });

  test('that the API cannot give is waited for as long as an export, and then ends the job', async () => {
    const plan = freshPlan();
    api.add({ id: plan.export_id, files: served(idsOf(3)) });
    api.fault({ on: 'files', exportId: plan.export_id, times: 2, fault: { status: 409, code: 'not_ready' } });
    await expect(list(plan, { now: () => 0 })).rejects.toMatchObject({ name: 'ExportNotReady' });
    // A test's activity was scheduled in 1970.
    expect(await list(plan)).toMatchObject({
      refused: {
        reason: 'not_ready_in_time',
        detail: expect.stringContaining('could not be listed') as string,
      },
    });
    expect(await list(plan)).toEqual({ listed: 3, all_listed: true });
  });

  test('that nobody knows is refused with its reason', async () => {
    expect(await list(freshPlan())).toMatchObject({ refused: { reason: 'export_unknown' } });
  });
});
