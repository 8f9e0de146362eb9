const { rmSync } = require('node:fs');

module.exports = async () => {
  const running = globalThis.vachanIntegrationStack;
  if (running === undefined) return;
  await running.stack.stop();
  rmSync(running.folder, { recursive: true, force: true });
};
