import type { Method } from './method.js';

export const scheduleMethods: Readonly<Record<string, Method>> = {};
