import type { Method } from './method.js';

export const deliveryMethods: Readonly<Record<string, Method>> = {};
