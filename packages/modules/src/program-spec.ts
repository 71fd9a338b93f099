/** A program that is started without a shell. */
export interface ProgramSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it runs. @defaultValue where this process does */
  readonly cwd?: string;
  /** Beside the environment of this process, which it inherits. */
  readonly env: Readonly<Record<string, string>>;
}
