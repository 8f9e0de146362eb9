import type { Dependency } from '../servers.js';
import { seconds, type Fault } from './fault.js';

/** SIGKILL, a while without it, and a new process on the same data. */
export function killServer(server: 'temporal' | 'mongo'): Fault {
  return {
    target: server,
    async inject({ servers }, random) {
      const downMs = random.between(200, 3000);
      await servers.killAndRestart(server, downMs);
      return `${server}, down for ${downMs} ms and its start`;
    },
  };
}

/** Every connection reset, and new ones too, for a while. */
export function cutLink(dependency: Dependency): Fault {
  return {
    target: dependency,
    async inject({ servers }, random) {
      const length = random.between(1, 4);
      servers.links[dependency].cut();
      await seconds(length);
      servers.links[dependency].heal();
      return `${dependency} for ${length} s`;
    },
  };
}

/** No answer and no error; connections that were open never come back. */
export function blackHole(dependency: Dependency): Fault {
  return {
    target: dependency,
    async inject({ servers }, random) {
      const length = random.between(2, 8);
      servers.links[dependency].blackHole();
      await seconds(length);
      servers.links[dependency].heal();
      return `${dependency} for ${length} s`;
    },
  };
}

export function slowLink(dependency: Dependency): Fault {
  return {
    target: dependency,
    async inject({ servers }, random) {
      const length = random.between(3, 8);
      const delayMs = random.between(50, 400);
      servers.links[dependency].slow(delayMs);
      await seconds(length);
      servers.links[dependency].heal();
      return `${dependency} by ${delayMs} ms a piece for ${length} s`;
    },
  };
}
