import { createMultipart } from './multipart.js';
import type { ObjectStore } from './object-store.js';
import { createRanges } from './ranges.js';
import { createRequests, type RequestsOptions } from './requests.js';
import { createWholeObjects } from './whole-objects.js';

export function createObjectStore(options: RequestsOptions): ObjectStore {
  const requests = createRequests(options);
  return {
    ...createWholeObjects(requests),
    ...createRanges(requests, options.limits),
    ...createMultipart(requests),
    close: () => requests.close(),
  };
}
