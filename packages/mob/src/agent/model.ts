import { type Clock, MobError } from '@mobkit/core';
import type { AgentEventPayload, LlmClient, LlmRequest } from '@mobkit/core/mob';

import { askAgain } from './ask-again.js';
import { type Answer, askModel } from './ask-model.js';

export interface ModelDeps {
  readonly name: string;
  /** Undefined when no provider supports it: every call fails. */
  readonly client: () => LlmClient | undefined;
  readonly providerParams?: LlmRequest['providerParams'];
  readonly agent: LlmRequest['agent'];
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly emit: (payload: AgentEventPayload) => void;
}

/** The model of one member, for one run. */
export class Model {
  readonly name: string;
  readonly #deps: ModelDeps;

  constructor(deps: ModelDeps) {
    this.name = deps.name;
    this.#deps = deps;
  }

  /** Asks for one answer, again where that may help. @param quiet - Its pieces are not told. @throws as `askAgain`. */
  ask(
    request: Omit<LlmRequest, 'model' | 'agent' | 'signal' | 'providerParams'>,
    { quiet = false }: { readonly quiet?: boolean } = {},
  ): Promise<Answer> {
    const { name: model, providerParams, agent, signal, clock, emit } = this.#deps;
    const plain = { ...request, model, agent, signal };
    const whole = providerParams ? { ...plain, providerParams } : plain;
    const told = quiet ? () => {} : emit;
    return askAgain(() => askModel(this.#client(), whole, { clock, emit: told }), { signal, clock, emit });
  }

  #client(): LlmClient {
    const found = this.#deps.client();
    if (found) return found;
    throw new MobError('MOB_LLM_FAILED', `No provider supports the model "${this.name}"`);
  }
}
