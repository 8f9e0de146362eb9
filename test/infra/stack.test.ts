import { secretArn } from './deployments.js';
import { checksOfAlarms } from './stack/alarms.js';
import { checksOfNetwork } from './stack/network.js';
import { checksOfRoles } from './stack/roles.js';
import { checksOfRules } from './stack/rules.js';
import { checksOfScaling } from './stack/scaling.js';
import { checksOfServices } from './stack/services.js';
import { checksOfStorage } from './stack/storage.js';
import { synthesize } from './synthesize.js';

// Reading the CDK and synthesizing take seconds: the groups share two stacks, the smallest and the fullest.
const plain = synthesize();
const full = synthesize({
  network: {
    metrics_client_security_group_id: 'sg-0123456789abcdef9',
    create_endpoints: ['sqs'],
    audio_cidrs: ['203.0.113.0/24'],
    also_reach: [{ what: 'Traces', cidr: '10.20.5.0/24', port: 4318 }],
  },
  temporal: {
    address: 'temporal.internal:7234',
    cidrs: ['10.20.0.0/16'],
    api_key: undefined,
    client_cert: { arn: secretArn('client-cert') },
    client_key: { arn: secretArn('client-key') },
  },
  mongo: { port: 1024, port_to: 65_535, security_group_id: undefined, cidrs: ['10.30.0.0/24'] },
  postgres: { dsn: { arn: secretArn('postgres') }, port: 5432, security_group_id: 'sg-0123456789abcdef5' },
  secrets_kms_key_arn: 'arn:aws:kms:ap-south-1:123456789012:key/1111',
  recordings: {
    bucket_names: ['first', 'second'],
    kms_key_arns: ['arn:aws:kms:ap-south-1:123456789012:key/2222'],
  },
  queue: { fifo: true, additional: ['reruns'] },
  inference: { min_tasks: 0, on_demand_tasks: 2, ephemeral_storage_gib: 30 },
  settings: {
    SQS_VISIBILITY_TIMEOUT_SECONDS: '300',
    SHUTDOWN_GRACE_SECONDS: '60',
    TASK_QUEUE: 'pune',
    AUDIO_ALLOWED_HOSTS: 'cdn.example.org',
  },
});

describe('queues, results and logs', () => checksOfStorage(plain, full));
describe('the network', () => checksOfNetwork(plain, full));
describe('tasks and services', () => checksOfServices(plain, full));
describe('scaling', () => checksOfScaling(plain, full));
describe('roles and secrets', () => checksOfRoles(plain, full));
describe('alarms', () => checksOfAlarms(plain));
describe('the rules of cdk-nag', () => checksOfRules(plain));
