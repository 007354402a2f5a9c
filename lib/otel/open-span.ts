import { type Attributes, type Context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { PageturnError } from '../core/errors.js';
import { errorAttributes, errorType } from './attributes.js';

/** How a span ends: what it did, and what failed, if anything did. */
export interface SpanEnd {
  readonly attributes?: Attributes;
  readonly failure?: { readonly error: unknown };
}

/** A span that has started, and those inside it: none of them is left open when it ends. */
export class OpenSpan {
  /** The context in which its span is the active one. */
  readonly context: Context;
  readonly #span: Span;
  readonly #parent: OpenSpan | undefined;
  readonly #children = new Set<OpenSpan>();
  #isOpen = true;

  constructor(span: Span, context: Context, parent: OpenSpan | undefined) {
    this.#span = span;
    this.context = trace.setSpan(context, span);
    this.#parent = parent;
    if (parent) parent.#children.add(this);
  }

  /** Ends the span; only the first call counts. */
  end({ attributes = {}, failure }: SpanEnd = {}): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#parent) this.#parent.#children.delete(this);
    for (const child of [...this.#children]) child.end({ attributes: { 'pageturn.cancelled': true } });
    this.#span.setAttributes(attributes);
    if (failure) {
      const { error } = failure;
      this.#span.setAttributes(errorAttributes(error));
      // The messages of other errors may contain what is in a row.
      const message = error instanceof PageturnError ? error.message : errorType(error);
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message });
    }
    this.#span.end();
  }
}
