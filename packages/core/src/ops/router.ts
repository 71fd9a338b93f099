/** How messages to a recipient leave the mob. */
export interface Route {
  /** Unique among routes. */
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

export interface ResolveRequest {
  readonly recipient: string;
  /** @defaultValue `notification` */
  readonly channel?: string;
}

/** Where a message goes. */
export interface Resolution {
  readonly routeKey: string;
  readonly recipient: string;
  readonly channel: string;
  readonly sink: string;
}

/** Decides where messages go. */
export interface Router {
  /**
   * Picks the route for a recipient. A route that names the recipient beats one that takes anyone, then one that names
   * the channel beats one that takes any, then the one listed first wins.
   *
   * @throws MobError `MOB_ROUTE_UNRESOLVED` when no route takes it; `TypeError` for a blank recipient or channel.
   */
  resolve(request: ResolveRequest): Promise<Resolution>;

  /** Every route, in the order they are listed. */
  routes(): Promise<readonly Route[]>;

  /** How its routes are changed; absent when they are fixed. */
  readonly table?: RouteTable;
}

/** The routes of a router that may change while it works. What is changed counts from the next message on. */
export interface RouteTable {
  /** Every route, in the order they are listed. */
  routes(): Promise<readonly Route[]>;

  /** Adds one as the last. @throws MobError `MOB_CONFLICT` when another has its key; the same again changes nothing. */
  add(route: Route): Promise<void>;

  /** Takes one away; false when there is none of that key. */
  remove(routeKey: string): Promise<boolean>;
}
