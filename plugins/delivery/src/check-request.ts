import { checkText, copyJson, MobError } from '@mobkit/core';
import type { DeliveryRequest } from '@mobkit/core/ops';

/** The longest payload, as JSON: what is longer is better sent as a link. */
const MAX_PAYLOAD_CHARACTERS = 256 * 1024;

/** The module that hands messages to sinks; resolutions for others are theirs to carry. */
const TARGET_MODULE = 'delivery';

/** A copy of what was asked for, which nobody changes any more. Throws what `Delivery.send` promises. */
export function checkRequest(request: DeliveryRequest): DeliveryRequest {
  const { resolution, from, interactionId, idempotencyKey } = request;
  const payload = copyJson(request.payload, 'payload', (field, problem) => {
    throw new TypeError(`${field} ${problem}`);
  });
  const { length } = JSON.stringify(payload);
  if (length > MAX_PAYLOAD_CHARACTERS) {
    const said = `payload is ${length} characters of JSON; at most ${MAX_PAYLOAD_CHARACTERS} are taken`;
    throw refused('payload', said);
  }
  if (resolution.targetModule !== TARGET_MODULE) {
    const said = `resolution.target_module must be '${TARGET_MODULE}' (got '${resolution.targetModule}')`;
    throw refused('resolution.target_module', said);
  }
  for (const field of ['recipient', 'channel', 'sink'] as const) {
    checkText(`resolution.${field}`, resolution[field]);
    if (resolution[field].trim() !== '') continue;
    throw refused(`resolution.${field}`, `resolution.${field} must be a non-empty string`);
  }
  if (from !== undefined) checkText('from', from);
  if (interactionId !== undefined) checkText('interactionId', interactionId);
  if (idempotencyKey !== undefined) checkText('idempotencyKey', idempotencyKey);
  if (idempotencyKey?.trim() === '') throw new TypeError('idempotencyKey is blank');
  return {
    resolution: { ...resolution },
    payload,
    ...(from !== undefined && { from }),
    ...(interactionId !== undefined && { interactionId }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

function refused(field: string, message: string): MobError {
  return new MobError('MOB_REQUEST_INVALID', message, { details: { field } });
}
