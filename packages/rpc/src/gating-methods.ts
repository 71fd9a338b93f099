import type { Method } from './method.js';

export const gatingMethods: Readonly<Record<string, Method>> = {};
