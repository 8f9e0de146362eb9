import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../stack/folders.js';
import { allTables, environmentExample, shortTable, withTables } from './render-settings.js';

// `npm run docs:settings`: writes down the settings where people look for them.
const write = (file: string, tables: string): void => {
  const path = join(projectRoot(), file);
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), tables));
};
write('README.md', shortTable());
write(join('docs', 'configuration.md'), allTables());
writeFileSync(join(projectRoot(), '.env.example'), environmentExample());
console.log('Wrote .env.example, and the tables of docs/configuration.md and README.md.');
