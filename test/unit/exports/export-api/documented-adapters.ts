import { readFileSync } from 'node:fs';

/** The adapters of docs/exports-api.md: what is printed there works. */
export const DOCUMENTED_ADAPTERS = /```yaml\n(version: 1[^]*?)```/.exec(
  readFileSync('docs/exports-api.md', 'utf8'),
)![1]!;
