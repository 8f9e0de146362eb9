// Fast peers for features alone, where they can be had: librosa 1.0 and openSMILE, each in an environment of its own.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { startContestant } from './contestant.mjs';
import { setUpEnvironment } from './peer-setup.mjs';

const PEERS = [
  { key: 'librosa1', library: 'librosa', name: 'librosa 1.0', requirements: 'librosa-1', minor: 12 },
  { key: 'opensmile', library: 'opensmile', name: 'openSMILE', requirements: 'opensmile', minor: 11 },
];

/**
 * Starts those that can be had; of each other one says in a line why not.
 *
 * @param agreed whether somebody has agreed to openSMILE's licence, which installing it means
 * @returns by key: `{side}`
 */
export async function startNativePeers(root, listFile, { agreed }) {
  const started = {};
  for (const { key, library, name, requirements, minor } of PEERS) {
    const missing = (why) => console.log(`${name}: not run: ${why}`);
    if (key === 'opensmile' && !agreed) {
      missing('its licence allows no commercial use; --opensmile agrees to it and installs it');
      continue;
    }
    const interpreter = findPython(minor);
    if (interpreter === undefined) {
      missing(`no Python 3.${minor} or later on PATH or of pyenv`);
      continue;
    }
    const file = join(root, 'bench', 'peer', `requirements-${requirements}.txt`);
    const { python, unavailable } = setUpEnvironment(root, `${key}-venv`, [['-r', file]], interpreter);
    if (python === undefined) {
      missing(unavailable);
      continue;
    }
    try {
      const script = join(root, 'bench', 'peer', 'features_peer.py');
      started[key] = { side: await startContestant(python, [script, listFile, library], 1) };
    } catch (error) {
      missing(String(error));
    }
  }
  return started;
}

/** Versions that wheels of all pinned packages are there for. */
const NEWEST_MINOR = 13;

/** The newest that is there. A shim of pyenv's for a version that is not switched on ends with an error. */
function findPython(minor) {
  const versions = join(process.env.PYENV_ROOT || join(homedir(), '.pyenv'), 'versions');
  const installed = existsSync(versions) ? readdirSync(versions) : [];
  for (let wanted = NEWEST_MINOR; wanted >= minor; wanted--) {
    const own = installed
      .filter((version) => version.startsWith(`3.${wanted}.`))
      .map((version) => join(versions, version, 'bin', 'python'));
    for (const command of [`python3.${wanted}`, 'python3', ...own]) {
      const { status, stdout } = spawnSync(
        command,
        ['-c', 'import sys, venv; print("%d.%d" % sys.version_info[:2])'],
        { encoding: 'utf8' },
      );
      if (status === 0 && stdout.trim() === `3.${wanted}`) return command;
    }
  }
  return undefined;
}
