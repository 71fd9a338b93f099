import type { FlowCondition, FlowFrame, FlowLimits, FlowLoopNode, FlowNode } from '@mobkit/core/mob';

/** What comes next in a run. Steps and questions are answered by `ended` and `decided`; the rest has happened. */
export type Move =
  | { readonly type: 'step'; readonly stepId: string; readonly loop?: LoopPlace; readonly node: NodeState }
  /** Whether a loop is done, asked after an iteration. */
  | {
      readonly type: 'until';
      readonly loopId: string;
      readonly until: FlowCondition;
      readonly node: NodeState;
    }
  | { readonly type: 'skipped'; readonly stepId: string; readonly reason: string }
  /** A loop begins; what it came to when it ran before is void. */
  | { readonly type: 'loop'; readonly loopId: string }
  | { readonly type: 'loop_failed'; readonly loopId: string; readonly reason: string };

/** Where a step of a loop stands. */
export interface LoopPlace {
  readonly loopId: string;
  /** From 0. */
  readonly iteration: number;
}

type NodeStatus = 'pending' | 'running' | 'completed' | 'failed' | 'skipped';

/** A node of a frame that runs. */
interface NodeState {
  readonly id: string;
  readonly node: FlowNode;
  readonly frame: FrameState;
  status: NodeStatus;
  /** Of a loop: the iteration under way. */
  iteration: number;
  /** Of a loop: its body, while that runs. */
  body?: FrameState;
}

interface FrameState {
  readonly nodes: ReadonlyMap<string, NodeState>;
  /** The loop it is the body of; absent for the root. */
  readonly loop?: NodeState & { readonly node: FlowLoopNode };
}

export interface ScheduleOptions {
  readonly root: FlowFrame;
  /** Whether the failure of a step fails what it is part of, where its node does not say. */
  readonly tolerates: (stepId: string) => boolean;
  readonly limits?: Pick<FlowLimits, 'max_active_nodes' | 'max_active_frames'>;
}

/**
 * Decides what a run does next, from the shape of its flow and what its steps came to. Knows nobody who does it, no time and
 * no storage: the same answers in the same order give the same moves.
 */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #root: FrameState;
  /** How many run. */
  #steps = 0;
  /** Loops whose body is done and whose condition is being looked at. */
  readonly #questions = new Set<NodeState>();
  /** Why loops failed that are not told yet. */
  readonly #failures = new Map<NodeState, string>();

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#root = openFrame(options.root);
  }

  /** `failed` when a failure counts; undefined while something runs or may still run. */
  get outcome(): 'completed' | 'failed' | undefined {
    return this.#outcomeOf(this.#root);
  }

  /** Whose failures made the run fail: steps, and loops that failed by themselves. */
  get blame(): readonly { readonly type: 'step' | 'loop'; readonly id: string }[] {
    return this.#blameIn(this.#root);
  }

  /** Whether the failure of this step fails nothing else. */
  tolerated({ node }: Extract<Move, { type: 'step' }>): boolean {
    return this.#tolerated(node);
  }

  /** What has become possible. Every move is given out once. */
  next(): readonly Move[] {
    const moves: Move[] = [];
    for (let before = -1; before !== moves.length;) {
      before = moves.length;
      this.#advance(this.#root, moves);
    }
    return moves;
  }

  /** A step came to its end. */
  ended({ node }: Extract<Move, { type: 'step' }>, status: 'completed' | 'failed' | 'skipped'): void {
    this.#steps -= 1;
    node.status = status;
  }

  /** A question was answered; the answer is the reason when it could not be asked. */
  decided({ node }: Extract<Move, { type: 'until' }>, answer: boolean | string): void {
    if (typeof answer === 'string') this.#failures.set(node, answer);
    else if (answer) node.status = 'completed';
    else {
      node.iteration += 1;
      this.#questions.delete(node);
      delete node.body;
    }
  }

  #advance(frame: FrameState, moves: Move[]): void {
    for (const node of frame.nodes.values()) {
      if (node.status === 'pending') this.#consider(node, moves);
      if (node.status === 'running' && node.node.kind === 'repeat_until')
        this.#advanceLoop(node, node.node, moves);
    }
  }

  #consider(state: NodeState, moves: Move[]): void {
    const { node, frame } = state;
    const reason = whyNever(state);
    if (reason !== undefined) {
      state.status = 'skipped';
      if (node.kind === 'step') moves.push({ type: 'skipped', stepId: node.step_id, reason });
      // Every step of a flow is told of, whether it ran or not.
      else moves.push(...stepsIn(node.body).map((stepId) => ({ type: 'skipped', stepId, reason }) as const));
      return;
    }
    if (!isReady(state)) return;
    if (node.kind === 'repeat_until') {
      if (!this.#mayOpen(frame)) return;
      state.status = 'running';
      moves.push({ type: 'loop', loopId: node.loop_id });
      return;
    }
    const { max_active_nodes: most = 0 } = this.#options.limits ?? {};
    if (most > 0 && this.#steps >= most) return;
    this.#steps += 1;
    state.status = 'running';
    const { loop } = frame;
    moves.push({
      type: 'step',
      stepId: node.step_id,
      node: state,
      ...(loop && { loop: { loopId: loop.node.loop_id, iteration: loop.iteration } }),
    });
  }

  #advanceLoop(state: NodeState, node: FlowLoopNode, moves: Move[]): void {
    const fail = (reason: string) => {
      state.status = 'failed';
      this.#questions.delete(state);
      this.#failures.delete(state);
      moves.push({ type: 'loop_failed', loopId: node.loop_id, reason });
    };
    const failure = this.#failures.get(state);
    if (failure !== undefined) return fail(failure);
    if (!state.body) {
      if (state.iteration >= node.max_iterations) {
        return fail(`its condition did not hold after ${node.max_iterations} iterations`);
      }
      state.body = openFrame(node.body, state as NodeState & { readonly node: FlowLoopNode });
    }
    this.#advance(state.body, moves);
    if (this.#questions.has(state)) return;
    const outcome = this.#outcomeOf(state.body);
    if (outcome === 'failed') return fail(`iteration ${state.iteration} failed`);
    if (outcome === undefined) return;
    this.#questions.add(state);
    moves.push({ type: 'until', loopId: node.loop_id, until: node.until, node: state });
  }

  #outcomeOf({ nodes }: FrameState): 'completed' | 'failed' | undefined {
    const states = [...nodes.values()];
    if (states.some(({ status }) => status === 'pending' || status === 'running')) return undefined;
    return states.some((state) => this.#counts(state)) ? 'failed' : 'completed';
  }

  #blameIn({ nodes }: FrameState): readonly { readonly type: 'step' | 'loop'; readonly id: string }[] {
    const failed = [...nodes.values()].filter((state) => this.#counts(state));
    return failed.flatMap(({ node, body }) => {
      if (node.kind === 'step') return [{ type: 'step', id: node.step_id }];
      const within = body ? this.#blameIn(body) : [];
      return within.length > 0 ? within : [{ type: 'loop', id: node.loop_id }];
    });
  }

  #counts(state: NodeState): boolean {
    return state.status === 'failed' && !this.#tolerated(state);
  }

  #tolerated({ node }: NodeState): boolean {
    if (node.failure_policy !== undefined) return node.failure_policy === 'continue';
    return node.kind === 'step' && this.#options.tolerates(node.step_id);
  }

  /**
   * Frames with another frame in them are not counted: they lend it their place. So whatever the limit, a frame can always go
   * on, and loops inside of loops do not wait for each other for ever.
   */
  #mayOpen(frame: FrameState): boolean {
    const { max_active_frames: most = 0 } = this.#options.limits ?? {};
    if (most === 0 || runningLoops(frame).length === 0) return true;
    return leaves(this.#root) < most;
  }
}

/** A loop that begins has its place before it has its body. */
const NOT_OPEN_YET: FrameState = { nodes: new Map() };

function openFrame(frame: FlowFrame, loop?: FrameState['loop']): FrameState {
  const nodes = new Map<string, NodeState>();
  const state: FrameState = { nodes, ...(loop && { loop }) };
  for (const [id, node] of Object.entries(frame.nodes)) {
    nodes.set(id, { id, node, frame: state, status: 'pending', iteration: 0 });
  }
  return state;
}

function dependenciesOf({ node, frame }: NodeState): readonly NodeState[] {
  return (node.depends_on ?? []).flatMap((id) => frame.nodes.get(id) ?? []);
}

function siblingsOf(state: NodeState): readonly NodeState[] {
  if (state.node.kind !== 'step' || state.node.branch === undefined) return [];
  const { branch } = state.node;
  return [...state.frame.nodes.values()].filter(
    (other) => other !== state && other.node.kind === 'step' && other.node.branch === branch,
  );
}

/** Why it will never run; undefined while it may. */
function whyNever(state: NodeState): string | undefined {
  const chosen = siblingsOf(state).find(({ status }) => status === 'completed');
  if (chosen) return `"${chosen.id}" of the same branch completed`;
  const before = dependenciesOf(state);
  const lost = before.filter(({ status }) => status === 'failed' || status === 'skipped');
  const enough = state.node.depends_on_mode === 'any' ? before.length : 1;
  const [first] = lost;
  if (!first || lost.length < enough) return undefined;
  return lost.map(({ id, status }) => `"${id}" ${status === 'failed' ? 'failed' : 'was skipped'}`).join(', ');
}

function isReady(state: NodeState): boolean {
  if (siblingsOf(state).some(({ status }) => status === 'running')) return false;
  const before = dependenciesOf(state);
  const completed = before.filter(({ status }) => status === 'completed').length;
  const needed = state.node.depends_on_mode === 'any' ? Math.min(1, before.length) : before.length;
  return completed >= needed;
}

function runningLoops({ nodes }: FrameState): readonly FrameState[] {
  return [...nodes.values()].flatMap(({ status, node, body = NOT_OPEN_YET }) =>
    status === 'running' && node.kind === 'repeat_until' ? [body] : [],
  );
}

function leaves(frame: FrameState): number {
  const within = runningLoops(frame);
  return within.length === 0 ? 1 : within.reduce((sum, each) => sum + leaves(each), 0);
}

function stepsIn({ nodes }: FlowFrame): readonly string[] {
  return Object.values(nodes).flatMap((node) => (node.kind === 'step' ? [node.step_id] : stepsIn(node.body)));
}
