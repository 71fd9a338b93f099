import { type Clock, MobError } from '@mobkit/core';
import type { SessionTable } from '@mobkit/core/ops';

import { BigQueryClient } from '../client/bigquery-client.js';
import { parseEndpoint } from '../client/endpoint.js';
import type { BigQueryOptions } from '../client/options.js';
import { asRequestInvalid } from './told-to-callers.js';

/** How to reach what callers do not name, and which hosts they may name beside those of Google. */
export interface SessionWarehouseOptions extends Omit<BigQueryOptions, 'dataset'> {
  /** Whether callers that bring no token are served with the credentials given or found here. @defaultValue true */
  readonly ownCredentials?: boolean;
}

/** Whether a call goes where the warehouse is, as the warehouse. */
export function isOurs(
  { accessToken, apiBaseUrl, projectId }: SessionTable,
  options: SessionWarehouseOptions,
): boolean {
  const ourProject = projectId === undefined || projectId === options.projectId;
  return accessToken === undefined && apiBaseUrl === undefined && ourProject;
}

/**
 * A client for one caller. To an address that the caller named it sends the token that the caller gave, or none: our own
 * would be the caller's from then on.
 */
export async function openClientFor(
  asked: SessionTable,
  { apiEndpoint, accessToken, ownCredentials = true, ...ours }: SessionWarehouseOptions,
  clock: Clock,
): Promise<BigQueryClient> {
  const { dataset, projectId, apiBaseUrl, timeoutMs } = asked;
  const withOurs = ownCredentials && apiBaseUrl === undefined;
  const token = asked.accessToken ?? (withOurs ? accessToken : undefined);
  const endpoint = apiBaseUrl ?? apiEndpoint;
  try {
    if (!withOurs && token === undefined) expectNoneNeeded(endpoint, ours.allowedHosts);
    return await BigQueryClient.open(
      {
        ...ours,
        dataset,
        ...(projectId !== undefined && { projectId }),
        ...(token !== undefined && { accessToken: token }),
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(endpoint !== undefined && { apiEndpoint: endpoint }),
      },
      clock,
    );
  } catch (error) {
    throw asRequestInvalid(asked, error);
  }
}

/** Without a token the client would look for one of ours, but for a server on this machine. */
function expectNoneNeeded(endpoint: string | undefined, allowedHosts?: readonly string[]): void {
  if (parseEndpoint(endpoint, allowedHosts).loopback) return;
  const message =
    'missing BigQuery access token: give one; ours is not for callers, or not for the address of one';
  throw new MobError('MOB_CONFIG_INVALID', message);
}
