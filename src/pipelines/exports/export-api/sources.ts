import { namesHost } from '../../../objects/named-host.js';
import { ConfigurationError, InvalidInput } from '../../../platform/errors.js';
import type { SettingsOf } from '../../../platform/config/settings-table.js';
import { preview } from '../../../platform/text/printable.js';
import { DEFAULT_SOURCE } from '../contract/job-ref.js';
import type { EXPORT_API_SETTINGS } from '../settings/api-settings.js';
import { createApiSource } from './adapter/api-source.js';
import type { ApiSourceParts } from './adapter/asking.js';
import { createListedLinks } from './adapter/listed-links.js';
import { isPlainBase, loadAdapters, type SourceAdapter } from './adapter/load-adapters.js';
import type { SourceShape } from './adapter/source-shape.js';
import { createApiClient, type CallAttempt } from './client/api-client.js';
import { createBreaker, type BreakerState } from './client/breaker.js';
import { createCallGate, listingRate, type CallGate, type CallKind } from './client/call-gate.js';
import { createHttpCaller } from './client/http-call.js';
import { createAuth, readSecrets } from './create-auth.js';
import type { ExportSource } from './export-source.js';
import { V1_SHAPE } from './v1-shape.js';

export type ApiSettings = SettingsOf<typeof EXPORT_API_SETTINGS>;

/** The Export APIs of this process, by source name. */
export interface ExportSources {
  readonly names: readonly string[];
  has(source: string): boolean;
  /**
   * @param correlationId goes with each call; where there is none, each call has one of its own
   * @throws InvalidInput for a source that nobody has described
   */
  of(source: string, correlationId?: string): ExportSource;
  /** Where the source's files may be downloaded from; none is any public host. @throws InvalidInput */
  downloadHosts(source: string): readonly string[];
  /** Calls a second that the listing may make of all sources together, which it asks on one task queue. */
  readonly listingRate: number;
  /** Processes that make calls of this kind, which share its part of each rate. */
  setProcesses(kind: CallKind, processes: number): void;
  breakers(): readonly { source: string; state: BreakerState }[];
  close(): void;
}

export interface SourcesOptions {
  /** Sources in code, where no adapter will do. */
  custom?: Readonly<Record<string, (correlationId: string | undefined) => ExportSource>>;
  /** Told of each attempt at a call, for metrics. */
  onAttempt?: (attempt: CallAttempt & { source: string }) => void;
  /** Told when a source's circuit breaker opens, probes or closes. */
  onBreaker?: (source: string, state: BreakerState) => void;
  extraCa?: string;
}

interface KnownSource {
  of: (correlationId: string | undefined) => ExportSource;
  downloadHosts: readonly string[];
  /** Calls of the whole installation. */
  perSecond: number;
  gate?: CallGate;
  breaker?: () => BreakerState;
}

/** @throws ConfigurationError when the settings name no source, one twice, or one that cannot be used */
export function createExportSources(
  settings: ApiSettings,
  { custom = {}, onAttempt, onBreaker, extraCa }: SourcesOptions = {},
): ExportSources {
  const caller = createHttpCaller({ timeoutMs: settings.EXPORT_API_TIMEOUT * 1000, extraCa });
  const secrets = readSecrets(settings);
  const known = new Map<string, KnownSource>();
  for (const [name, of] of Object.entries(custom)) {
    known.set(name, { of, downloadHosts: [], perSecond: settings.EXPORT_API_RATE });
  }
  for (const [name, adapter] of adaptersOf(settings)) {
    if (known.has(name)) throw new ConfigurationError(`The Export API of source ${name} is described twice.`);
    known.set(name, connect(name, adapter));
  }
  const find = (source: string): KnownSource => {
    const found = known.get(source);
    if (found !== undefined) return found;
    throw new InvalidInput(
      `source: ${preview(source, 60)} is not known, expected one of ${[...known.keys()].join(', ')}.`,
    );
  };
  return {
    names: [...known.keys()],
    has: (source) => known.has(source),
    of: (source, correlationId) => find(source).of(correlationId),
    downloadHosts: (source) => find(source).downloadHosts,
    listingRate: [...known.values()].reduce((sum, { perSecond }) => sum + listingRate(perSecond), 0),
    setProcesses: (kind, processes) => {
      for (const { gate } of known.values()) gate?.setProcesses(kind, processes);
    },
    breakers: () =>
      [...known].flatMap(([source, { breaker }]) =>
        breaker === undefined ? [] : [{ source, state: breaker() }],
      ),
    close: () => caller.close(),
  };

  function connect(source: string, adapter: SourceAdapter): KnownSource {
    const name = `The Export API of source ${source}`;
    const base = new URL(adapter.base_url);
    refusePlainHttp(base, settings, `base_url of source ${source}`);
    const auth = createAuth(name, source, adapter.auth, {
      secrets,
      caller,
      checkUrl: (url, field) => refusePlainHttp(url, settings, field),
    });
    const perSecond = adapter.rate ?? settings.EXPORT_API_RATE;
    const gate = createCallGate(perSecond);
    const breaker = createBreaker(name, undefined, (state) => onBreaker?.(source, state));
    const client = createApiClient({
      name,
      origin: base.origin,
      caller,
      auth,
      gate,
      breaker,
      maxRetries: settings.EXPORT_API_MAX_RETRIES,
      ...(onAttempt && { onAttempt: (attempt) => onAttempt({ ...attempt, source }) }),
    });
    const parts: Omit<ApiSourceParts, 'correlationId'> = {
      name,
      base,
      shape: shapeOf(adapter, settings),
      client,
      listed: createListedLinks(),
    };
    return {
      of: (correlationId) => createApiSource({ ...parts, correlationId }),
      downloadHosts: adapter.download_hosts,
      perSecond,
      gate,
      breaker: () => breaker.state,
    };
  }
}

/** Those of the adapter file, and `default` of the plain settings. */
function adaptersOf(settings: ApiSettings): ReadonlyMap<string, SourceAdapter> {
  const { EXPORT_API_URL: base, EXPORT_API_ADAPTER: path, EXPORT_API_ACKNOWLEDGE: acknowledge } = settings;
  const adapters = new Map(path === undefined ? [] : loadAdapters(path));
  if (base !== undefined) {
    if (adapters.has(DEFAULT_SOURCE)) {
      throw new ConfigurationError(
        `EXPORT_API_URL is the source ${DEFAULT_SOURCE}, which the file of EXPORT_API_ADAPTER describes as well; keep one of them.`,
      );
    }
    if (!isPlainBase(new URL(base))) {
      throw new ConfigurationError(
        'EXPORT_API_URL has a user, a query or a fragment (not shown), expected an address without them; a token is EXPORT_API_TOKEN.',
      );
    }
    adapters.set(DEFAULT_SOURCE, {
      base_url: base,
      auth:
        settings.EXPORT_API_TOKEN === undefined
          ? { type: 'none' }
          : { type: 'bearer', token: { secret: 'EXPORT_API_TOKEN' } },
      download_hosts: settings.EXPORT_API_ALLOWED_HOSTS,
      contract: 'v1',
      acknowledge,
    });
  }
  if (adapters.size === 0) {
    throw new ConfigurationError(
      'No Export API is named: set EXPORT_API_URL, or EXPORT_API_ADAPTER for several.',
    );
  }
  return adapters;
}

function shapeOf(adapter: SourceAdapter, settings: ApiSettings): SourceShape {
  if (!('contract' in adapter)) return adapter;
  const { acknowledge, ...shape } = V1_SHAPE;
  return {
    ...shape,
    files: { ...shape.files, page_size: settings.EXPORT_API_PAGE_SIZE },
    ...(adapter.acknowledge && { acknowledge }),
  };
}

/** Credentials go in clear over plain http: only where an operator has said that this network is theirs. */
function refusePlainHttp(url: URL, settings: ApiSettings, field: string): void {
  if (url.protocol === 'https:' || namesHost(settings.EXPORT_PRIVATE_HOSTS, url)) return;
  throw new ConfigurationError(
    `${field} is ${url.origin}, expected https; plain http is for hosts that EXPORT_PRIVATE_HOSTS names (${url.host}).`,
  );
}
