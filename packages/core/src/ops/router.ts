/** How often and how fast a message is tried, and how many go to one recipient. */
export interface RouteLimits {
  /** Attempts after the first: a whole number from 0 to `MOST_RETRIES`. */
  readonly retryMax?: number;
  /** From the first attempt to the second, in whole milliseconds; what comes later waits longer. */
  readonly backoffMs?: number;
  /** A whole number from 1 to 2^32 - 1. */
  readonly rateLimitPerMinute?: number;
}

/** How messages to a recipient leave the mob. White space around its texts does not count; upper and lower case do. */
export interface Route extends RouteLimits {
  /** Unique among routes; at most 256 characters. */
  readonly routeKey: string;
  /** Who it is for; `*` takes anyone. */
  readonly recipient: string;
  /** Which kind of message it takes; `*` takes any. @defaultValue `*` */
  readonly channel?: string;
  /** The name of the sink that carries it. */
  readonly sink: string;
  /** The module that hands messages to the sink. @defaultValue `delivery` */
  readonly targetModule?: string;
}

/** Who is to be reached. Limits a route has count more than those asked for here. */
export interface ResolveRequest extends RouteLimits {
  readonly recipient: string;
  /** @defaultValue `notification` */
  readonly channel?: string;
}

/** Where a message goes: what a delivery is asked with, now or later, by the same process or another one. */
export interface Resolution extends Required<RouteLimits> {
  /** Different each time; says, for `verify`, who gave it out, until when it counts, and what it was. */
  readonly routeId: string;
  readonly recipient: string;
  readonly channel: string;
  readonly sink: string;
  readonly targetModule: string;
  /** The route that decided; absent when none did. */
  readonly routeKey?: string;
}

/** Decides where messages go. */
export interface Router {
  /**
   * Decides, in this order, each step over the one before: the sink by the form of the recipient (an `http:` or `https:`
   * address `webhook`, with an `@` `email`, with a leading `+` `sms`), what the request says, the advice of a `RouteAdvisor`, the route that takes
   * the recipient and the channel as they are then. Of routes, one that names the recipient beats one that takes
   * anyone, then one that names the channel beats one that takes any, then the one listed first wins.
   *
   * @throws MobError `MOB_ROUTE_UNRESOLVED` when nothing says which sink takes it; `MOB_MODULE_CALL_FAILED` or
   * `MOB_MODULE_TIMEOUT` when the advisor fails; `TypeError` for a blank recipient or channel and for limits out of their
   * bounds.
   */
  resolve(request: ResolveRequest): Promise<Resolution>;

  /**
   * Resolves when it was given out by this router, or by another over the same storage, for this mob, and is as it was
   * given out; also after a restart, and though the routes have changed since. One without its `routeKey` is as good.
   *
   * @throws MobError `MOB_ROUTE_UNTRUSTED`, with `details.routeId` and `details.reason`: `unknown` for a route id that was never given out,
   * `forged` when what it stands for was altered, `expired` only for one that is sound otherwise, so that what was asked
   * for with it in its time can still be told from a forgery.
   */
  verify(resolution: Resolution): Promise<void>;

  /**
   * Calls `listener` with every resolution it gives out from now on, before its caller has it. Listeners must be quick and
   * must not throw. Returns what ends it.
   */
  onResolved(listener: (resolution: Resolution) => void): () => void;

  /** Every route, in the order that decides between equals. */
  routes(): Promise<readonly Route[]>;

  /** How its routes are changed; absent when they are fixed. */
  readonly table?: RouteTable;
}

/**
 * The routes of a router that may change while it works; fixed ones are not among them. What is changed counts from the
 * next message on, in every process that shares them.
 */
export interface RouteTable {
  /** Every route that may change, sorted by key. */
  routes(): Promise<readonly Route[]>;

  /**
   * Adds one, or replaces the one of its key; answers it as it is kept: with its texts trimmed.
   *
   * @throws MobError `MOB_REQUEST_INVALID` (`details.field`) for a blank text or a limit out of its bounds; `MOB_CONFLICT` when a fixed
   * route has its key.
   */
  put(route: Route): Promise<Route>;

  /**
   * Takes one away and answers it; undefined when there is none of that key.
   *
   * @throws MobError `MOB_CONFLICT` for a fixed one.
   */
  delete(routeKey: string): Promise<Route | undefined>;
}

/** Says what should be different about a resolution: a loaded module `router`, for one. */
export interface RouteAdvisor {
  /**
   * Undefined when it has nothing to say, as when there is no such module. The request is as it was checked, with its channel.
   *
   * @throws MobError `MOB_MODULE_CALL_FAILED` or `MOB_MODULE_TIMEOUT` when it cannot say; nothing is then resolved.
   */
  advise(request: ResolveRequest): Promise<RouteAdvice | undefined>;
}

/** What takes the place of what was asked for; absent fields stay as they are. Blank texts count as absent. */
export interface RouteAdvice extends RouteLimits {
  readonly channel?: string;
  readonly sink?: string;
  readonly targetModule?: string;
}
