import { InvalidInput } from '../platform/errors.js';

/** Thrown for a command line that can never be used as it is, before anything was done: the process ends with `EXIT.misused`. */
export class CommandMisused extends InvalidInput {}
