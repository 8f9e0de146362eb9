/** Finds names that come twice. */
export interface NameCensus {
  add(name: string): void;
  /** Forgets the names that came once: a million of them are not held. */
  finish(): (name: string) => boolean;
}

export function nameCensus(): NameCensus {
  const seen = new Set<string>();
  const twice = new Set<string>();
  return {
    add(name) {
      if (seen.has(name)) twice.add(name);
      else seen.add(name);
    },
    finish() {
      seen.clear();
      return (name) => twice.has(name);
    },
  };
}
