import type { Method } from './method.js';

export const memoryMethods: Readonly<Record<string, Method>> = {};
