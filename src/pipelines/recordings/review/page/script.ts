import { JUDGING } from './script/judging.js';
import { LISTENING } from './script/listening.js';

/**
 * The page's script: plain JavaScript for browsers, as text, since the compiler's world here has no document. What it shows of data goes
 * through `textContent` and attributes that cannot run.
 */
export const SCRIPT = `
'use strict';
(() => {
${LISTENING}${JUDGING}
})();
`;
