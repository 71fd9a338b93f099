/** The switches of one dataset, or of the whole server. Counted ones are used up. */
export interface FaultSwitches {
  readonly answers?: readonly {
    readonly times: number;
    readonly status: number;
    readonly reason?: string;
    /** Matched against the method and the path, e.g. `POST .*\/insertAll`. */
    readonly path?: string;
    /** How many such requests are let through first. */
    readonly after?: number;
  }[];
  readonly slowJobs?: number;
  readonly insertErrors?: readonly {
    readonly insertId?: string;
    readonly index?: number;
    /** Any row whose JSON text has this in it. */
    readonly contains?: string;
    readonly reason: string;
    readonly message?: string;
    readonly times?: number;
  }[];
  readonly hiddenQueries?: number;
  readonly hidden?: boolean;
  readonly cut?: { readonly times: number; readonly path?: string };
  readonly lost?: { readonly times: number; readonly path?: string };
  readonly away?: boolean | 'refuse';
  readonly forgetInsertIds?: boolean;
  readonly streamingBufferMs?: number;
}

const KNOWN = new Set([
  'answers',
  'slowJobs',
  'insertErrors',
  'hiddenQueries',
  'hidden',
  'cut',
  'lost',
  'away',
  'forgetInsertIds',
  'streamingBufferMs',
]);

const REASONS: Readonly<Record<number, string>> = {
  403: 'accessDenied',
  429: 'rateLimitExceeded',
  500: 'internalError',
  502: 'badGateway',
  503: 'backendError',
};

interface Counted {
  left: number;
  skip: number;
  readonly path: RegExp | undefined;
}

/** What goes wrong, as switched on. */
export class Faults {
  readonly #switches: FaultSwitches;
  readonly #answers: readonly (Counted & { readonly status: number; readonly reason: string })[];
  readonly #insertErrors: readonly {
    left: number;
    readonly of: NonNullable<FaultSwitches['insertErrors']>[number];
  }[];
  readonly #cut: Counted | undefined;
  readonly #lost: Counted | undefined;

  /** @throws TypeError when a switch is not known. */
  constructor(switches: FaultSwitches) {
    const unknown = Object.keys(switches).find((name) => !KNOWN.has(name));
    if (unknown !== undefined) throw new TypeError(`There is no switch "${unknown}"`);
    this.#switches = switches;
    this.#answers = (switches.answers ?? []).map(({ status, reason, ...rest }) => ({
      ...counted(rest),
      status,
      reason: reason ?? REASONS[status] ?? 'backendError',
    }));
    this.#insertErrors = (switches.insertErrors ?? []).map((of) => ({ left: of.times ?? Infinity, of }));
    this.#cut = switches.cut && counted(switches.cut);
    this.#lost = switches.lost && counted(switches.lost);
  }

  get away(): boolean | 'refuse' {
    return this.#switches.away ?? false;
  }

  get slowJobs(): number {
    return this.#switches.slowJobs ?? 0;
  }

  get forgetsInsertIds(): boolean {
    return this.#switches.forgetInsertIds ?? false;
  }

  get streamingBufferMs(): number | undefined {
    return this.#switches.streamingBufferMs;
  }

  get hiding(): { queries?: number } | undefined {
    if (this.#switches.hidden) return {};
    return this.#switches.hiddenQueries === undefined ? undefined : { queries: this.#switches.hiddenQueries };
  }

  /** What this request is answered instead. */
  answer(request: string): { readonly status: number; readonly reason: string } | undefined {
    return this.#answers.find((one) => use(one, request));
  }

  cuts(request: string): boolean {
    return this.#cut !== undefined && use(this.#cut, request);
  }

  loses(request: string): boolean {
    return this.#lost !== undefined && use(this.#lost, request);
  }

  insertError(index: number, insertId: string | undefined, row: object) {
    const found = this.#insertErrors.find(({ left, of }) => {
      if (left <= 0) return false;
      if (of.contains !== undefined) return JSON.stringify(row).includes(of.contains);
      return of.insertId === undefined ? of.index === index : of.insertId === insertId;
    });
    if (found) found.left--;
    return found?.of;
  }
}

function counted({ times, path, after = 0 }: { times: number; path?: string; after?: number }): Counted {
  return { left: times, skip: after, path: path === undefined ? undefined : new RegExp(path) };
}

function use(one: Counted, request: string): boolean {
  if (one.left <= 0 || one.path?.test(request) === false) return false;
  if (one.skip-- > 0) return false;
  one.left--;
  return true;
}
