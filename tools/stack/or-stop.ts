/** What the work comes to; where it fails, what was started for it is stopped first: it must not outlive the failure. */
export async function orStop<T>(work: Promise<T>, stop: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await stop();
    throw error;
  }
}
