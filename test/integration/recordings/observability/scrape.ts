/** One sample of Prometheus's text format. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** A page of `/metrics`, read. */
export interface Scrape {
  readonly text: string;
  /** Types by family. */
  readonly families: ReadonlyMap<string, string>;
  /** Every name that a query may use: samples', so a histogram's `_bucket`, `_sum` and `_count`. */
  readonly names: ReadonlySet<string>;
  samples(name: string, labels?: Readonly<Record<string, string>>): Sample[];
  /** Sum of the samples that have these labels. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
}

/** @throws Error for a line that is neither comment nor sample */
export function parseScrape(text: string): Scrape {
  const families = new Map<string, string>();
  const all: Sample[] = [];
  for (const line of text.split('\n').filter((candidate) => candidate.trim() !== '')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type?.[1] !== undefined) families.set(type[1], type[2] ?? '');
    if (!line.startsWith('#')) all.push(parseSample(line));
  }
  const samples: Scrape['samples'] = (name, labels = {}) =>
    all.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
  return {
    text,
    families,
    names: new Set(all.map(({ name }) => name)),
    samples,
    value: (name, labels) => samples(name, labels).reduce((sum, { value }) => sum + value, 0),
  };
}

function parseSample(line: string): Sample {
  const parts = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (parts?.[1] === undefined) throw new Error(`No sample of Prometheus's text format: ${line}`);
  const labels = [...(parts[2] ?? '').matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name: parts[1],
    labels: Object.fromEntries(labels.map(([, name = '', value = '']) => [name, value])),
    value: Number(parts[3]),
  };
}

export async function scrape(workerUrl: string): Promise<Scrape> {
  return parseScrape(await (await fetch(`${workerUrl}/metrics`)).text());
}
