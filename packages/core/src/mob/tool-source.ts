import type { AgentTool } from './agent-tool.js';

/** Tools that come from one place outside, e.g. an MCP server. */
export interface ToolSource {
  /** What profiles allow it by, under `tools.mcp`. */
  readonly name: string;
  /**
   * What it offers now; asked before each run. A tool keeps its name as long as it is the same, and may be called after it
   * is gone. One whose source cannot be reached stays offered, and its calls fail with `MOB_TOOLS_UNAVAILABLE`.
   */
  tools(): readonly AgentTool[];
}
