import { refuseEmptyAnswer } from '../request/empty-answer.js';
import { errorInBody } from '../request/error-in-body.js';
import type { CheckAnswer } from '../request/with-attempt.js';
import { answerOf } from './answer-body.js';
import type { OperationShape } from './read-schema.js';

interface CheckAnswerOptions {
  readonly shape: OperationShape | undefined;
  /** Whether the request was for a page that the service promised. */
  readonly isPromised: (input: object) => boolean;
}

/**
 * Looks at the answer to a request: one in which no member of the model stands is the error whose words it contains, or
 * a fault if a page was promised.
 */
export function checkAnswer({ shape, isPromised }: CheckAnswerOptions): CheckAnswer<object, unknown> {
  return (output, input) => {
    // What is not an object is refused where the page is read.
    if (typeof output !== 'object' || output === null || saysSomething(output, shape)) return;
    const { body, headers } = answerOf(output) ?? { body: output, headers: undefined };
    refuseEmptyAnswer(errorInBody(body, headers), !saysNull(body, shape) && isPromised(input));
  };
}

function saysSomething(output: object, shape: OperationShape | undefined): boolean {
  const fields = output as Record<string, unknown>;
  // A command without a schema: what is not the SDK's own was said by the service.
  if (!shape) return isSaidWithoutSchema(fields);
  for (const { name } of shape.body) if (stands(fields[name], name, shape)) return true;
  return false;
}

/** A structure in which nothing stands says nothing: CloudFront's whole answer is one, such as `DistributionList`. */
function stands(value: unknown, name: string, shape: OperationShape): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'object' || value === null) return true;
  for (const member in value) if ((value as Record<string, unknown>)[member] !== undefined) return true;
  return shape.output.member(name)?.kind !== 'structure';
}

function isSaidWithoutSchema(fields: Record<string, unknown>): boolean {
  for (const name in fields) {
    if (name !== '$metadata' && fields[name] !== undefined && !WORDS.has(name)) return true;
  }
  return false;
}

// The members of an AWS error.
const WORDS: ReadonlySet<string> = new Set([
  '__type',
  'message',
  'Message',
  'code',
  'Code',
  'error',
  'Error',
]);

/** Whether a member of the model was said to be null, which the SDK does not pass on. */
function saysNull(body: unknown, shape: OperationShape | undefined): boolean {
  if (typeof body !== 'object' || body === null || !shape) return false;
  const fields = body as Record<string, unknown>;
  return shape.body.some(({ wireName }) => fields[wireName] === null);
}
