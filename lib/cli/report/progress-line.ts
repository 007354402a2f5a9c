import type { Screen } from '../cli-process.js';

const REDRAW_MS = 100;
// ANSI: move to the first column and erase to the end of the line.
const ERASE = '\r\x1b[K';

/** A line at the bottom of a terminal, redrawn several times a second. Without a terminal it draws nothing. */
export class ProgressLine {
  readonly #stream: Screen;
  readonly #text: () => string;
  #timer: NodeJS.Timeout | undefined;
  /** The text on the screen. */
  #shown = '';

  constructor(stream: Screen, text: () => string) {
    this.#stream = stream;
    this.#text = text;
  }

  show(): void {
    if (!this.#stream.isTTY) return;
    this.#timer ??= setInterval(() => this.#draw(), REDRAW_MS).unref();
    this.#draw();
  }

  hide(): void {
    if (this.#shown !== '') this.#stream.write(ERASE);
    this.#shown = '';
  }

  /** Writes a permanent line, with or without a terminal. */
  print(text: string): void {
    this.hide();
    this.#stream.write(`${text}\n`);
    if (this.#timer) this.#draw();
  }

  close(): void {
    this.hide();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    // A wrapped line would not be erased. Some terminals wrap in the last column, so it stays free.
    const text = this.#text().slice(0, this.#stream.columns - 1);
    if (text !== this.#shown) this.#stream.write(ERASE + text);
    this.#shown = text;
  }
}
