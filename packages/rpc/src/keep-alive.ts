/** How often an event stream says that it is alive, in milliseconds. */
export const KEEP_ALIVE_MS = 15_000;
