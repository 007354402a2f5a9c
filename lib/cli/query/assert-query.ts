import { usageError } from '../cli-error.js';
import type { Node } from './reach-of.js';

/** The package `jmespath`, and what its types leave out. */
export interface JmesPath {
  compile(expression: string): Node;
  search(value: unknown, expression: string): unknown;
  tokenize(expression: string): readonly (Token | undefined)[];
}

interface Token {
  readonly type: string;
  readonly value: unknown;
  readonly start: number;
}

/** Throws a usage error that shows where a JMESPath expression is wrong. */
export function assertQuery(expression: string, jmespath: JmesPath): void {
  const flaw =
    flawOfTokens(expression, jmespath) ??
    flawOfGrammar(expression, jmespath) ??
    flawOfFunctions(expression, jmespath);
  if (!flaw) return;
  throw usageError(`--query is not valid JMESPath at character ${flaw.at + 1}: ${flaw.what}`);
}

interface Flaw {
  readonly what: string;
  /** The character, counted from 0. */
  readonly at: number;
}

const END = 'the expression ends too early';

function flawOfTokens(expression: string, { tokenize }: JmesPath): Flaw | undefined {
  const open = unclosedQuote(expression);
  if (open !== undefined) return { what: `the ${expression[open]} is not closed`, at: open };
  for (let end = 1; end <= expression.length; end++) {
    const isLast = end === expression.length;
    const at = end - 1;
    try {
      // A single = is no token; it has to be followed by another one.
      const isHalf = !isLast && expression[end] === '=';
      if (!isHalf && tokenize(expression.slice(0, end)).includes(undefined)) {
        return { what: 'write == to compare', at };
      }
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'LexerError') return { what: `${expression[at]} has no meaning here`, at };
      // A quoted text is only whole at its end.
      if (isLast) return { what: withoutQuotes(message), at };
    }
  }
  return undefined;
}

/** Where a quoted text begins that does not end. */
function unclosedQuote(expression: string): number | undefined {
  for (let at = 0; at < expression.length; at++) {
    const sign = expression[at] ?? '';
    if (!`'"\``.includes(sign)) continue;
    const start = at++;
    while (at < expression.length && expression[at] !== sign) at += expression[at] === '\\' ? 2 : 1;
    if (at >= expression.length) return start;
  }
  return undefined;
}

/**
 * The parser does not say where it stopped: it is the first token with which the beginning of the expression fails as the
 * whole does.
 */
function flawOfGrammar(expression: string, { compile, tokenize }: JmesPath): Flaw | undefined {
  const failureOf = (text: string) => {
    try {
      return isWhole(compile(text)) ? undefined : END;
    } catch (error) {
      const { message } = error as Error;
      return /\(EOF\)|got: EOF|type: EOF/.test(message) ? END : message;
    }
  };
  const failure = failureOf(expression);
  if (failure === undefined) return undefined;
  const tokens = tokenize(expression).filter((token) => token !== undefined);
  // The parser passes over what cannot come after a dot.
  const behindDot = tokens.find(({ type }, n) => tokens[n - 1]?.type === 'Dot' && !BEHIND_DOT.includes(type));
  if (failure === END && !behindDot) return { what: END, at: expression.length };
  const wrong =
    failure === END
      ? behindDot
      : tokens.find((_, n) => failureOf(expression.slice(0, tokens[n + 1]?.start)) === failure);
  const at = wrong?.start ?? 0;
  return { what: `${textAt(expression, tokens, at)} is not expected here`, at };
}

const BEHIND_DOT = ['UnquotedIdentifier', 'QuotedIdentifier', 'Star', 'Lbracket', 'Lbrace'];

/** Whether nothing is missing in a tree, as after the dot of `a.`, which the parser lets pass. */
function isWhole({ type, children = [], value }: Node): boolean {
  if (type === 'KeyValuePair') return isWhole(value as Node);
  if (type === 'Slice') return true;
  return children.every((child) => child && isWhole(child));
}

function flawOfFunctions(expression: string, { tokenize, search }: JmesPath): Flaw | undefined {
  const tokens = tokenize(expression);
  for (const [n, token] of tokens.entries()) {
    if (token?.type !== 'UnquotedIdentifier' || tokens[n + 1]?.type !== 'Lparen') continue;
    try {
      search(null, `${token.value}()`);
    } catch (error) {
      const isUnknown = (error as Error).message.startsWith('Unknown function');
      if (isUnknown) return { what: `there is no function ${token.value}`, at: token.start };
    }
  }
  return undefined;
}

function textAt(expression: string, tokens: readonly Token[], at: number): string {
  const next = tokens.find(({ start }) => start > at)?.start;
  return expression.slice(at, next).trim();
}

function withoutQuotes(message: string): string {
  return message.replace(/ in JSON at position .*| \(line .*/, '');
}
