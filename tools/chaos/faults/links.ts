import { seconds, type Fault, type LinkSite, type ServerSite } from './fault.js';

/** SIGKILL, a while without it, and a new process on the same data. */
export function killServer<Server extends string>(server: Server): Fault<ServerSite<Server>> {
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
export function cutLink<Dependency extends string>(dependency: Dependency): Fault<LinkSite<Dependency>> {
  return {
    target: dependency,
    async inject({ links }, random) {
      const length = random.between(1, 4);
      links[dependency].cut();
      await seconds(length);
      links[dependency].heal();
      return `${dependency} for ${length} s`;
    },
  };
}

/** No answer and no error; connections that were open never come back. */
export function blackHole<Dependency extends string>(dependency: Dependency): Fault<LinkSite<Dependency>> {
  return {
    target: dependency,
    async inject({ links }, random) {
      const length = random.between(2, 8);
      links[dependency].blackHole();
      await seconds(length);
      links[dependency].heal();
      return `${dependency} for ${length} s`;
    },
  };
}

export function slowLink<Dependency extends string>(dependency: Dependency): Fault<LinkSite<Dependency>> {
  return {
    target: dependency,
    async inject({ links }, random) {
      const length = random.between(3, 8);
      const delayMs = random.between(50, 400);
      links[dependency].slow(delayMs);
      await seconds(length);
      links[dependency].heal();
      return `${dependency} by ${delayMs} ms a piece for ${length} s`;
    },
  };
}
