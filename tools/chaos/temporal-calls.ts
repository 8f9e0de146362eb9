import { Client, Connection } from '@temporalio/client';

const CALL_TIMEOUT_MS = 5000;

/** Asks Temporal from the harness, over a connection a call: the server moves whenever it is killed. Rejects while it is away. */
export type TemporalCalls = <T>(work: (client: Client) => Promise<T>) => Promise<T>;

/** @param address where the server is now */
export function createTemporalCalls(address: () => string): TemporalCalls {
  return async (work) => {
    const connection = await Connection.connect({ address: address(), connectTimeout: CALL_TIMEOUT_MS });
    try {
      return await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
        work(new Client({ connection })),
      );
    } finally {
      await connection.close();
    }
  };
}
