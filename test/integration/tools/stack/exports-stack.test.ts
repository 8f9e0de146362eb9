import { serveExports } from '../../../../tools/stack-for-people/serve-exports.js';
import { freshFolder } from '../../embedded-stack.js';
import { vachan } from '../../shared/cli/run-vachan.js';

test('npm run stack -- --exports has an export whose archive and metadata a command finds', async () => {
  const stack = await serveExports({ folder: freshFolder(), log: () => undefined });
  try {
    const { code, stdout, stderr } = await vachan(['exports', 'plan', 'demo', '--json'], stack.env);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({
      totals: { files: 1, entries: 2, to_upload: 2, refused: 0 },
    });
    expect(stack.rows.map(([, where]) => where)).not.toContain(undefined);
  } finally {
    await stack.stop();
  }
}, 180_000);
