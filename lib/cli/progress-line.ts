const EVERY_MS = 100;
// ANSI: to the first column, and erase to the end of the line.
const ERASE = '\r\x1b[K';

/** Standard error, as far as it is needed here. */
export interface Screen {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): unknown;
}

/** One line at the bottom of a terminal, rewritten several times a second; nothing at all where there is no terminal. */
export class ProgressLine {
  readonly #stream: Screen;
  readonly #text: () => string;
  #timer: NodeJS.Timeout | undefined;
  /** What stands on the screen. */
  #shown = '';

  constructor(stream: Screen, text: () => string) {
    this.#stream = stream;
    this.#text = text;
  }

  show(): void {
    if (!this.#stream.isTTY) return;
    this.#timer ??= setInterval(() => this.#draw(), EVERY_MS).unref();
    this.#draw();
  }

  hide(): void {
    if (this.#shown !== '') this.#stream.write(ERASE);
    this.#shown = '';
  }

  /** Writes a line that stays, terminal or not. */
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
    // A line that wraps would not be erased; the last column is left free, for some terminals wrap there.
    const text = this.#text().slice(0, this.#stream.columns - 1);
    if (text !== this.#shown) this.#stream.write(ERASE + text);
    this.#shown = text;
  }
}
