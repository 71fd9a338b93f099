import { isMobError, MobError } from '@mobkit/core';

import { deliveryIdParams } from './delivery-params.js';
import { expectPart } from './expect-part.js';
import type { Method } from './method.js';
import { parseParams } from './params.js';
import { parseDelivery, parseDeliveryQuery, toWireDelivery } from './wire-deliveries.js';

const send: Method = async ({ runtime }, params) => {
  const delivery = expectPart(runtime, 'delivery');
  const request = parseDelivery(params);
  try {
    return toWireDelivery(await delivery.send(request));
  } catch (error) {
    throw inRequest(error);
  }
};

const history: Method = async ({ runtime }, params) => {
  const found = await expectPart(runtime, 'delivery').history(parseDeliveryQuery(params));
  return { deliveries: found.map(toWireDelivery) };
};

const dead: Method = async ({ runtime }, params) => {
  const found = await expectPart(runtime, 'delivery').dead(parseDeliveryQuery(params));
  return { deliveries: found.map(toWireDelivery) };
};

const get: Method = async ({ runtime }, params) => {
  const { delivery_id: deliveryId } = parseParams(deliveryIdParams, params);
  const found = await expectPart(runtime, 'delivery').get(deliveryId);
  if (found) return toWireDelivery(found);
  const said = `There is no delivery "${deliveryId}"`;
  throw new MobError('MOB_DELIVERY_NOT_FOUND', said, { details: { deliveryId } });
};

const redrive: Method = async ({ runtime }, params) => {
  const { delivery_id: deliveryId } = parseParams(deliveryIdParams, params);
  return toWireDelivery(await expectPart(runtime, 'delivery').redrive(deliveryId));
};

export const deliveryMethods: Readonly<Record<string, Method>> = {
  'mobkit/delivery/send': send,
  'mobkit/delivery/history': history,
  'mobkit/delivery/dead': dead,
  'mobkit/delivery/get': get,
  'mobkit/delivery/redrive': redrive,
};

/** Says where in the request a route id stands that nobody here knows. */
function inRequest(error: unknown): unknown {
  if (!isMobError(error, 'MOB_ROUTE_UNTRUSTED') || error.details['reason'] !== 'unknown') return error;
  const { message, details } = error;
  return new MobError(error.code, `resolution.${message}`, { cause: error, details });
}
