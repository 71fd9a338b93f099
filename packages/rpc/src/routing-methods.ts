import type { Method } from './method.js';

export const routingMethods: Readonly<Record<string, Method>> = {};
