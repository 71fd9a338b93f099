/** What is known of a model before it is asked. */
export interface ModelInfo {
  /** Who serves it: `openai`, `anthropic`, `google`, or the name of a configured server. */
  readonly provider: string;
  /** Tokens of question and answer together, at most. */
  readonly contextWindowTokens?: number;
  /** Tokens of one answer at most; who asks for more gets this many. */
  readonly maxOutputTokens?: number;
}

/** Knows models by their bare names, so that a profile need not say who serves them. */
export interface ModelCatalogue {
  /** Undefined for a name it does not know. */
  find(model: string): ModelInfo | undefined;
}
