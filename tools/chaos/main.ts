import { exportsChaos } from './exports/main.js';
import { interviewsChaos } from './interviews/main.js';
import { recordingsChaos } from './recordings/main.js';

const [pipeline, ...rest] = process.argv.slice(2);
if (pipeline === 'exports') exportsChaos(rest);
else if (pipeline === 'interviews') interviewsChaos(rest);
else recordingsChaos(process.argv.slice(2));
