export type { McpServer } from './mcp-server.js';
export { openMcpTools } from './open-mcp-tools.js';
export type { McpTools, McpToolsOptions } from './open-mcp-tools.js';
