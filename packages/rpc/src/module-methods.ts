import type { Method } from './method.js';

export const moduleMethods: Readonly<Record<string, Method>> = {};
