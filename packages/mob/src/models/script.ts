/**
 * What the scripted model says. Rules are tried in order and the first that matches plays; when none does, the answer is
 * `ok`. Patterns are regular expressions of JavaScript with the flags `s` and `u`: `.` takes line breaks too.
 */
export interface Script {
  readonly rules: readonly ScriptRule[];
}

/** A rule matches when every condition it has holds. */
export interface ScriptRule {
  /** The role of the member that asks. */
  readonly role?: string;
  /** The identity of the member that asks. */
  readonly identity?: string;
  /** A pattern for the text of the last user message. */
  readonly input?: string;
  /**
   * Patterns, each of which some user message must match; the last one is a user message too. Placeholders of `input` may
   * stand in them and mean that text, letter for letter.
   */
  readonly seen?: readonly string[];
  /** A pattern: messages before the latest user message it matches do not count for `seen`. Placeholders as there. */
  readonly since?: string;
  /** Step k answers the k-th call of the model after the last user message; after the last step the answer is empty. */
  readonly steps: readonly ScriptStep[];
}

/**
 * One answer. In its texts, those in `args` included, `{{input}}` stands for the last user message, `{{1}}` and `{{name}}`
 * for a group of `input`, `{{seen.0}}` for the latest match of the first pattern of `seen`, and `{{seen.0.1}}` and
 * `{{seen.0.name}}` for a group of it. A group that took no part is empty.
 */
export interface ScriptStep {
  readonly text?: string;
  readonly calls?: readonly ScriptCall[];
}

/** A tool that a scripted model calls. */
export interface ScriptCall {
  readonly tool: string;
  /** @defaultValue `{}` */
  readonly args?: Readonly<Record<string, unknown>>;
}
