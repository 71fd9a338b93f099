export type { Delivery, DeliveryRecord, DeliveryRequest, DeliverySink } from './delivery.js';
export type { Resolution, ResolveRequest, Route, Router } from './router.js';
