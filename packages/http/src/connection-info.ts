/** What is known of a request beside itself. */
export interface ConnectionInfo {
  /** The port it came in on; a Host and an Origin must name it. */
  readonly port: number;
  /** Drops the connection at once: for a client that does not read what it asked for. */
  readonly disconnect?: () => void;
}
