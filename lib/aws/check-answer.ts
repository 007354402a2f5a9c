import { refuseEmptyAnswer } from '../request/empty-answer.js';
import { errorInBody } from '../request/error-in-body.js';
import type { CheckAnswer } from '../request/with-attempt.js';
import { answerOf } from './answer-body.js';
import { IncompleteAnswer } from './incomplete-answer.js';
import type { OperationShape } from './read-schema.js';

interface CheckAnswerOptions {
  readonly shape: OperationShape | undefined;
  /** Whether the request was for a page that the service promised. */
  readonly isPromised: (input: object) => boolean;
}

/**
 * Checks the answer to a request. One without any member of the model is the error that its body describes, or a
 * fault if it is a page of HTML, or if a page was promised.
 */
export function checkAnswer({ shape, isPromised }: CheckAnswerOptions): CheckAnswer<object, unknown> {
  return (output, input) => {
    // Anything but an object is rejected where the page is read.
    if (typeof output !== 'object' || output === null || hasContent(output, shape)) return;
    const answer = answerOf(output);
    // With the XML protocols, the SDK reads HTML as an answer without members.
    if (answer?.isHtml) throw new IncompleteAnswer('data from the service: it is a page of HTML');
    const { body, headers } = answer ?? { body: output, headers: undefined };
    refuseEmptyAnswer(errorInBody(body, headers), !hasNullMember(body, shape) && isPromised(input));
  };
}

function hasContent(output: object, shape: OperationShape | undefined): boolean {
  const fields = output as Record<string, unknown>;
  // Without a schema, everything that is not the SDK's own came from the service.
  if (!shape) return hasContentWithoutSchema(fields);
  for (const { name } of shape.body) if (isPresent(fields[name], name, shape)) return true;
  return false;
}

/** A structure without members does not count: CloudFront's whole answer is one structure, such as `DistributionList`. */
function isPresent(value: unknown, name: string, shape: OperationShape): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'object' || value === null) return true;
  for (const member in value) if ((value as Record<string, unknown>)[member] !== undefined) return true;
  return shape.output.member(name)?.kind !== 'structure';
}

function hasContentWithoutSchema(fields: Record<string, unknown>): boolean {
  for (const name in fields) {
    if (name !== '$metadata' && fields[name] !== undefined && !ERROR_MEMBERS.has(name)) return true;
  }
  return false;
}

// The members of an AWS error.
const ERROR_MEMBERS: ReadonlySet<string> = new Set([
  '__type',
  'message',
  'Message',
  'code',
  'Code',
  'error',
  'Error',
]);

/** Whether a member of the model is null, which the SDK does not pass on. */
function hasNullMember(body: unknown, shape: OperationShape | undefined): boolean {
  if (typeof body !== 'object' || body === null || !shape) return false;
  const fields = body as Record<string, unknown>;
  return shape.body.some(({ wireName }) => fields[wireName] === null);
}
