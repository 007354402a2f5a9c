/** What the command line uses of its process. */
export interface CliProcess {
  /** The words of the command line, as in `process.argv`. */
  readonly argv: readonly string[];
  readonly stdout: StandardOutput;
  readonly stderr: Screen;
  on(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown;
  off(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown;
  /** Ends the process at once. */
  exit(code: number): void;
}

export interface StandardOutput {
  readonly isTTY: boolean;
  readonly fd: number;
  write(chunk: Uint8Array | string, written?: (error?: Error | null) => void): unknown;
}

/** The part of a terminal stream that progress and messages are written to. */
export interface Screen {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): unknown;
}
