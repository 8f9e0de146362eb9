import { PIPELINES } from '../pipelines/index.js';
import { runProcess } from './run-process.js';

runProcess(PIPELINES);
