import type { Strike } from './gate.js';
import type { Answer, Reply } from './http-proxy.js';

/**
 * Lets a request pass, or lets its process die at it.
 *
 * @param strike undefined where it is not to die
 * @param pass answers it as without a gate
 * @param forward has the server carry it out, or half of it, before the process dies
 */
export async function pastGate(
  strike: Strike | undefined,
  pass: () => Promise<Reply>,
  forward: (at: 'half' | 'answered') => Promise<Answer>,
): Promise<Reply> {
  if (strike === undefined) return pass();
  if (strike.at === 'received') {
    strike.kill();
    return undefined;
  }
  try {
    const answer = await forward(strike.at);
    if (answer.status >= 300) {
      strike.miss();
      return answer;
    }
    strike.kill();
    return undefined;
  } catch (error) {
    strike.miss();
    throw error;
  }
}
