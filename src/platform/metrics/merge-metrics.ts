/**
 * Puts two pages of Prometheus's text format together. A family that both have is taken from the first: a scraper
 * refuses a whole page that names a family twice.
 */
export function mergeMetrics(first: string, second: string): string {
  const known = new Set(first.split('\n').map(familyOf));
  let skipping = false;
  const added = second.split('\n').filter((line) => {
    const family = familyOf(line);
    // Samples follow their family's comments.
    if (family !== undefined) skipping = known.has(family);
    return !skipping && line.trim() !== '';
  });
  return added.length === 0 ? first : `${first.trimEnd()}\n${added.join('\n')}\n`;
}

/** The family that a `# HELP` or `# TYPE` line is about. */
function familyOf(line: string): string | undefined {
  return /^# (?:HELP|TYPE) (\S+)/.exec(line)?.[1];
}
