import { isMobError, MobError } from '@mobkit/core';
import type { Delivery } from '@mobkit/core/ops';
import type { UnifiedRuntime } from '@mobkit/runtime';

import { deliveryIdParams } from './delivery-params.js';
import type { Method } from './method.js';
import { parseParams } from './params.js';
import { parseDelivery, parseDeliveryQuery, toWireDelivery } from './wire-deliveries.js';

const send: Method = async ({ runtime }, params) => {
  const delivery = deliveryOf(runtime);
  const request = parseDelivery(params);
  try {
    return toWireDelivery(await delivery.send(request));
  } catch (error) {
    throw inRequest(error);
  }
};

const history: Method = async ({ runtime }, params) => {
  const found = await deliveryOf(runtime).history(parseDeliveryQuery(params));
  return { deliveries: found.map(toWireDelivery) };
};

const dead: Method = async ({ runtime }, params) => {
  const found = await deliveryOf(runtime).dead(parseDeliveryQuery(params));
  return { deliveries: found.map(toWireDelivery) };
};

const get: Method = async ({ runtime }, params) => {
  const { delivery_id: deliveryId } = parseParams(deliveryIdParams, params);
  const found = await deliveryOf(runtime).get(deliveryId);
  if (found) return toWireDelivery(found);
  const said = `There is no delivery "${deliveryId}"`;
  throw new MobError('MOB_DELIVERY_NOT_FOUND', said, { details: { deliveryId } });
};

const redrive: Method = async ({ runtime }, params) => {
  const { delivery_id: deliveryId } = parseParams(deliveryIdParams, params);
  return toWireDelivery(await deliveryOf(runtime).redrive(deliveryId));
};

export const deliveryMethods: Readonly<Record<string, Method>> = {
  'mobkit/delivery/send': send,
  'mobkit/delivery/history': history,
  'mobkit/delivery/dead': dead,
  'mobkit/delivery/get': get,
  'mobkit/delivery/redrive': redrive,
};

function deliveryOf({ delivery }: UnifiedRuntime): Delivery {
  if (delivery) return delivery;
  const details = { part: 'delivery' };
  throw new MobError('MOB_CONFIG_INVALID', 'delivery module is not loaded', { details });
}

/** Says where in the request a route id stands that nobody here knows. */
function inRequest(error: unknown): unknown {
  if (!isMobError(error, 'MOB_ROUTE_UNTRUSTED') || error.details['reason'] !== 'unknown') return error;
  const { message, details } = error;
  return new MobError(error.code, `resolution.${message}`, { cause: error, details });
}
