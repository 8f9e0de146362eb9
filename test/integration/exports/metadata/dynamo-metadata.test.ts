import { exportsEndpoints } from '../../embedded-stack.js';
import { dynaliteServer, hasDynalite } from './dynalite.js';
import { metadataInTable } from './metadata-in-table.js';

describe('metadata in a DynamoDB table of ministack', () =>
  metadataInTable(() =>
    Promise.resolve({ connection: exportsEndpoints().store, stop: () => Promise.resolve() }),
  ));
(hasDynalite ? describe : describe.skip)('metadata in a DynamoDB table of dynalite', () =>
  metadataInTable(dynaliteServer, true),
);
