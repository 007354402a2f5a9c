/** Where a command writes bytes as the rows arrive. */
export interface ByteSink {
  /** Its name in messages and receipts. */
  readonly target: string;
  /** Resolves when the bytes are written. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written survive a power failure, if the sink can. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
