import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../stack/folders.js';
import { allTables, environmentExample, shortTable, withTables } from './render-settings.js';
import { allSections } from './sections.js';

// `npm run docs:settings`: writes down the settings where people look for them.
async function main(): Promise<void> {
  const sections = await allSections();
  const write = (file: string, tables: string): void => {
    const path = join(projectRoot(), file);
    writeFileSync(path, withTables(readFileSync(path, 'utf8'), tables));
  };
  write('README.md', shortTable(sections));
  write(join('docs', 'configuration.md'), allTables(sections));
  writeFileSync(join(projectRoot(), '.env.example'), environmentExample(sections));
  console.log('Wrote .env.example, and the tables of docs/configuration.md and README.md.');
}

void main();
