import type { Synthesized } from '../synthesize.js';
import { actions, statements } from './look-up.js';

/** What the roles of exports may do. */
export function checksOfExportsRoles(plain: Synthesized): void {
  it('let workers alone write objects and read metadata, and nobody delete an object of the output', () => {
    expect(actions(plain, /worker of exports may/)).toContain('dynamodb:BatchGetItem');
    expect(actions(plain, /orchestrator of exports may/).join()).not.toMatch(/dynamodb|Abort/);
    const output = JSON.stringify(
      statements(plain, /worker of exports may/).filter((one) => JSON.stringify(one).includes('/objects/*')),
    );
    expect(output).toContain('s3:PutObject');
    expect(output).not.toContain('DeleteObject');
  });

  it('let both send malformed messages to the dead-letter queues', () => {
    for (const role of [/worker of exports may/, /orchestrator of exports may/])
      expect(statements(plain, role).map(({ Sid }) => Sid)).toContain('KeepMalformedMessages');
  });
}
