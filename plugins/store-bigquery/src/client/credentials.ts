import { BigQuery } from '@google-cloud/bigquery';
import { type Clock, errorText, MobError, within } from '@mobkit/core';
import { OAuth2Client, PassThroughClient } from 'google-auth-library';

import type { ParsedOptions } from './options.js';

/** Signs requests: what the official client signs its own with. */
export type AuthClient = BigQuery['authClient'];

/**
 * The official client's authentication: a token that was given, application default credentials, or none for a server on this
 * machine.
 *
 * @throws MobError `MOB_CONFIG_INVALID` when there are no credentials, and nothing was sent to BigQuery.
 */
export async function authenticate(options: ParsedOptions, clock: Clock): Promise<AuthClient> {
  const { projectId, accessToken, endpoint, timeoutMs } = options;
  const given = givenClient(accessToken, endpoint.loopback);
  const { authClient } = new BigQuery({
    projectId,
    apiEndpoint: endpoint.origin,
    ...(given && { authClient: given }),
  });
  let cause: unknown;
  const found = await within(
    clock,
    timeoutMs,
    authClient.getClient().catch((error: unknown) => void (cause = error)),
  );
  if (found) return authClient;
  const message =
    `missing BigQuery access token (${whyNone(cause)}): run "gcloud auth application-default login", set ` +
    'GOOGLE_APPLICATION_CREDENTIALS to the file of a service account, or give accessToken';
  throw new MobError('MOB_CONFIG_INVALID', message, {
    ...(!isNoJson(cause) && { cause }),
    details: { field: 'accessToken' },
  });
}

function whyNone(cause: unknown): string {
  if (cause === undefined) return 'nobody answered who was asked for one';
  if (isNoJson(cause)) return 'the file that is to say who this is, is not JSON';
  return errorText(cause).split('\n', 1)[0] ?? '';
}

/** Its words begin with those of the file, which may be a key. */
function isNoJson(cause: unknown): boolean {
  return cause instanceof SyntaxError;
}

function givenClient(accessToken: string | undefined, loopback: boolean) {
  if (accessToken === undefined) return loopback ? new PassThroughClient() : undefined;
  const client = new OAuth2Client();
  client.setCredentials({ access_token: accessToken });
  return client;
}
