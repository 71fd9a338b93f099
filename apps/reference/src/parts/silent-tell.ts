import type { Tell } from './app-parts.js';

const silent = () => {};

/** For an app that is put together and runs nothing: nobody is told anything. */
export const silentTell: Tell = {
  error: silent,
  info: silent,
  warning: silent,
  storeError: silent,
  serverError: silent,
  delivered: silent,
};
