import type { Discovery, DiscoveryContext, DiscoveryWatcher, EdgeDiscovery } from '@mobkit/core';

/** How the kit gets sources of type `T`, which answer lists of `A`, to test. */
export interface SourceHarness<T, A> {
  /** Shown in the test report. */
  readonly name: string;
  /** Opens a source that desires nothing. Called before every test; closed after it, maybe twice. */
  open(): Promise<OpenedSource<T, A>> | OpenedSource<T, A>;
  /** Whether the source has a `watch`. */
  readonly watches: boolean;
  /** Whether who watches is told of what `fail` does, without asking. @defaultValue false */
  readonly tellsFailures?: boolean;
  /** Whether it can hang: then what is opened has `stall`. @defaultValue false */
  readonly stalls?: boolean;
}

/** A source, and how the world makes it answer this or that. */
export interface OpenedSource<T, A> {
  readonly source: T;
  /** Makes it answer with these from now on, in this order, and mends what `fail` did. */
  desire(answer: readonly A[]): Promise<void> | void;
  /** Breaks it, until the next `desire`: it cannot know what is desired. */
  fail(): Promise<void> | void;
  /** Makes it hang until it is closed: a call gets no answer. */
  stall?(): Promise<void> | void;
  close(): Promise<void> | void;
}

/** One promise of a contract, and what proves it. */
export interface Promised<T, A> {
  /** What part of the contract it belongs to. */
  readonly chapter: string;
  readonly title: string;
  /** Why it cannot be asked of a source; undefined when it can. @defaultValue it always can */
  readonly notFor?: (harness: SourceHarness<T, A>) => boolean;
  prove(opened: OpenedSource<T, A>, harness: SourceHarness<T, A>): Promise<void>;
}

/** What both contracts have in common. */
export interface Asked<T, A> {
  ask(source: T, context: DiscoveryContext): Promise<readonly A[]>;
  /** The one form of an answer, in which two can be compared. */
  form(answer: readonly A[]): readonly A[];
  /** Two different answers, the first of which has more than one element. */
  readonly examples: readonly [readonly A[], readonly A[]];
}

export type Watchable = Pick<Discovery, 'watch'> & Pick<EdgeDiscovery, 'watch'>;

export function context(given: Partial<DiscoveryContext> = {}): DiscoveryContext {
  const { signal } = new AbortController();
  return { mobId: 'kit', labels: { team: 'kit' }, trigger: 'bootstrap', signal, ...given };
}

/** Watches, and fails when there is no `watch`. */
export function watch(source: Watchable, watcher: DiscoveryWatcher): () => void {
  if (!source.watch)
    throw new TypeError('The harness says that the source can be watched, but it has no watch');
  return source.watch(watcher);
}
