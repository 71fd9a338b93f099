import { MobError } from '@mobkit/core';

/** An MCP server of the host: a program that is started, or an address. Exactly one of `command` and `url`. */
export interface McpServer {
  /** A program that speaks MCP over its standard streams. Started without a shell, in a process group of its own. */
  readonly command?: string;
  readonly args?: readonly string[];
  /** Beside `HOME`, `LOGNAME`, `PATH`, `SHELL`, `TERM` and `USER` of this process, which is all it gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the program runs. @defaultValue where this process does */
  readonly cwd?: string;
  /** A server that speaks streamable HTTP. */
  readonly url?: string;
  /** Sent with every request to `url`, e.g. `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A call that takes longer fails. @defaultValue 60000 */
  readonly callTimeoutMs?: number;
}

/** Tools are named after their server, with `__` between: so it may not have that itself. */
const NAME = /^(?!.*__)[A-Za-z0-9](?:[A-Za-z0-9_-]{0,30}[A-Za-z0-9])?$/;

/** @throws MobError `MOB_CONFIG_INVALID`, naming the server. */
export function checkServer(name: string, { command, url, callTimeoutMs = 1 }: McpServer): void {
  const refuse = (why: string) => {
    throw new MobError('MOB_CONFIG_INVALID', `MCP server "${name}": ${why}`, { details: { server: name } });
  };
  if (!NAME.test(name)) refuse('its name may have letters, digits, "-" and single "_", at most 32');
  if ((command === undefined) === (url === undefined)) refuse('give it either a command or a url');
  if (url !== undefined && !isWebAddress(url)) {
    refuse('its url is no http or https address, or holds a password: use headers');
  }
  if (!Number.isSafeInteger(callTimeoutMs) || callTimeoutMs < 1) {
    refuse('its call timeout is not a whole number of milliseconds from 1');
  }
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
