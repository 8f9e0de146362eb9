import { z } from 'zod';
import { ApiAnswerInvalid, ApiUnavailable } from '../../errors.js';
import { basicAuth, type ApiAuth } from './api-auth.js';
import type { HttpCaller } from './http-call.js';
import { retryAfterMs } from './retry-after.js';
import type { Secret } from './secret.js';

export interface OAuthClient {
  tokenUrl: URL;
  clientId: string;
  clientSecret: Secret;
  scope?: string | undefined;
  /** Of some providers: which API the token is for. */
  audience?: string | undefined;
  /** Where the credentials go: an `Authorization: Basic` header, as the standard prefers, or the form. */
  credentialsIn: 'header' | 'body';
}

/** A token is renewed this long before its end, or at nine tenths of a short life. */
const RENEW_BEFORE_MS = 60_000;
/** Where the answer does not say (RFC 6749 recommends it, and leaves it open). */
const DEFAULT_LIFE_SECONDS = 300;

const tokenSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .optional(),
  // Some write it as text, and some that do not know it as null.
  expires_in: z.coerce.number().min(0).nullish(),
});

/** Client credentials (RFC 6749 §4.4), with one token for all calls until it ends or is refused. */
export function oauthAuth(name: string, client: OAuthClient, caller: HttpCaller): ApiAuth {
  let current: { token: string; until: number } | undefined;
  let asking: Promise<string> | undefined;
  const token = async (signal: AbortSignal | undefined): Promise<string> => {
    if (current !== undefined && performance.now() < current.until) return current.token;
    // One asks for all who wait; whose own signal aborts need not take it from the others.
    asking ??= askForToken(name, client, caller).then(
      (fresh) => {
        current = fresh;
        asking = undefined;
        return fresh.token;
      },
      (error: unknown) => {
        asking = undefined;
        throw error;
      },
    );
    const fresh = await asking;
    signal?.throwIfAborted();
    return fresh;
  };
  return {
    headers: async (signal) => ({ authorization: `Bearer ${await token(signal)}` }),
    refused: ({ authorization }) => {
      if (authorization === `Bearer ${current?.token}`) current = undefined;
      return true;
    },
  };
}

async function askForToken(
  name: string,
  { tokenUrl, clientId, clientSecret, scope, audience, credentialsIn }: OAuthClient,
  caller: HttpCaller,
): Promise<{ token: string; until: number }> {
  const inHeader = credentialsIn === 'header';
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
    ...(!inHeader && { client_id: clientId, client_secret: clientSecret() }),
  });
  const { status, headers, text } = await caller.call({
    method: 'POST',
    url: tokenUrl,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(inHeader &&
        (await basicAuth(encodeURIComponent(clientId), () => encodeURIComponent(clientSecret())).headers())),
    },
    body: form.toString(),
  });
  if (status !== 200) {
    const { error } = Object(jsonOf(text)) as { error?: unknown };
    // One of the standard's words (RFC 6749 §5.2); its description may quote anything.
    const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? ` ${error}` : '';
    throw new ApiUnavailable(
      `The token endpoint of ${name} answers ${status}${code}, expected 200 with a token.`,
      retryAfterMs(headers, Date.now()),
    );
  }
  const parsed = tokenSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('/') ?? '';
    throw new ApiAnswerInvalid(
      `The token endpoint of ${name} answers without a bearer token: ${field === '' ? 'no JSON object' : `/${field} is wrong`}.`,
    );
  }
  const { access_token: token, expires_in: seconds } = parsed.data;
  const lifeMs = (seconds ?? DEFAULT_LIFE_SECONDS) * 1000;
  return { token, until: performance.now() + Math.max(lifeMs * 0.9 - RENEW_BEFORE_MS, lifeMs / 2) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
