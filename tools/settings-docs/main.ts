import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../stack/folders.js';
import { environmentExample, withSettingsTable } from './render-settings.js';

// `npm run docs:settings`: writes down the settings where people look for them.
const readmePath = join(projectRoot(), 'README.md');
writeFileSync(readmePath, withSettingsTable(readFileSync(readmePath, 'utf8')));
writeFileSync(join(projectRoot(), '.env.example'), environmentExample());
console.log('Wrote .env.example and the configuration table of README.md.');
