import { env } from 'node:process';

// The library's builds for Linux, too, report their use to their maker unless they are told not to, before they start.
env['ORT_DISABLE_TELEMETRY'] = '1';
