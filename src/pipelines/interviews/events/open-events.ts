import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { createMongoClient, mongoDatabase } from '../../../platform/mongo-client.js';
import type { LoggedEvent, WebhookLog } from '../../../webhook/webhook-log.js';
import { INTERVIEWS_SETTINGS } from '../settings/index.js';
import type { InterviewEvent } from '../contract/event.js';
import type { InterviewEvents } from './interview-events.js';
import { createMongoEndpointStates, endpointsCollectionName } from './mongo-endpoint-states.js';
import { createMongoInterviewEvents } from './mongo-interview-events.js';

/** Events as commands reach them. */
export interface OpenEvents extends WebhookLog {
  events: InterviewEvents;
}

/** @throws ConfigurationError */
export function openEvents(environment: Environment): OpenEvents {
  const settings = loadSettings(
    environment,
    pick(
      INTERVIEWS_SETTINGS,
      'MONGO_URI',
      'MONGO_TLS',
      'MONGO_TLS_CA',
      'MONGO_DB_NAME',
      'INTERVIEW_QUEUE_COLLECTION',
      'INTERVIEW_EVENTS_COLLECTION',
    ),
  );
  const client = createMongoClient(settings);
  const database = mongoDatabase(client, settings);
  const { INTERVIEW_EVENTS_COLLECTION: collection, INTERVIEW_QUEUE_COLLECTION: jobs } = settings;
  const events = createMongoInterviewEvents(database.collection(collection), jobs);
  return {
    events,
    endpoints: createMongoEndpointStates(database.collection(endpointsCollectionName(collection))),
    latest: async (query) => (await events.latest(query)).map(loggedOf),
    close: () => client.close(),
  };
}

function loggedOf(event: InterviewEvent): LoggedEvent & { revision: number } {
  const { webhook_id, type, interview_id, revision, status, created_at, tries, next_try_at, last_try } =
    event;
  return {
    webhook_id,
    type,
    about: interview_id,
    revision,
    status,
    created_at,
    tries,
    ...(next_try_at !== undefined && { next_try_at }),
    ...(last_try !== undefined && { last_try }),
  };
}
