// Starts one embedded stack for the whole run of the integration project and hands it to the tests by environment.
const { spawnSync } = require('node:child_process');
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..', '..');

module.exports = async () => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  // From dist/: jest does not resolve TypeScript's .js imports in its own set-up. Incremental, so a second at most.
  // `npm test` has done so already, once for all of its lanes.
  const build = [process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' }];
  const isBuilt = process.env.VACHAN_IS_BUILT === 'true' || spawnSync(...build).status === 0;
  if (!isBuilt) throw new Error('The build failed; integration tests start the stack from dist/.');
  const { startStack } = require('#tools/stack/start-stack.js');
  const folder = mkdtempSync(join(tmpdir(), 'vachan-integration-'));
  const log = (line) => console.log(line);
  const stack = await startStack({ folder, postgres: true, exports: true, log });
  globalThis.vachanIntegrationStack = { stack, folder };
  process.env.VACHAN_TEST_STACK = JSON.stringify({
    ...{ endpoints: stack.endpoints, env: stack.env, exportsEnv: stack.exportsEnv, folder },
  });
};
