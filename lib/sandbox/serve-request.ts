import type { IncomingMessage, ServerResponse } from 'node:http';
import { onAbort } from '../core/abort.js';
import type { Clock } from '../core/clock.js';
import type { Account } from './account.js';
import { type Answer, errorAnswer, isAnswered, resultAnswer, sendAnswer } from './answer.js';
import { answerPage } from './answer-page.js';
import { applyFault } from './apply-fault.js';
import { assertParents } from './assert-parents.js';
import type { Fault } from './fault.js';
import type { FaultPlan } from './fault-plan.js';
import type { Input } from './operation.js';
import type { OperationName } from './operations.js';
import { readBody } from './read-body.js';
import type { RequestStats } from './request-stats.js';
import { findInstance, findRoute, type Route, withBody } from './route.js';
import { internalError, rateExceeded, ServiceError, unknownOperation } from './service-error.js';
import type { TokenBucket } from './token-bucket.js';

export interface Service {
  readonly account: Account;
  readonly faults: FaultPlan;
  readonly stats: RequestStats;
  /** The token bucket of an operation: each operation has its own quota. */
  readonly bucketOf: (operation: OperationName) => TokenBucket;
  /** The tokens sent so far in an operation's current listing. */
  readonly sentTokensOf: (operation: string) => string[];
  readonly latencyMs: number;
  readonly clock: Clock;
  /** Aborts when the sandbox is closed. */
  readonly signal: AbortSignal;
}

/** Answers one request in the real service's order: latency, quota, faults, and only then the operation. */
export async function serveRequest(
  service: Service,
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.once('close', service.stats.open());
  const body = await readBody(request);
  await wait(service, service.latencyMs);
  const { route, fault, answer } = decide(service, request, body);
  service.stats.record({
    operation: route?.operation.name,
    status: isAnswered(answer) ? answer.status : undefined,
    fault: fault?.kind,
    cutOff: answer.delivery !== 'whole' || fault?.kind === 'invalid-json',
  });
  if (fault?.kind === 'latency') await wait(service, fault.latencyMs);
  sendAnswer(response, requestId, answer);
}

interface Decision {
  readonly route?: Route;
  readonly fault?: Fault | undefined;
  readonly answer: Answer;
}

function decide(service: Service, request: IncomingMessage, body: string | ServiceError): Decision {
  const route = attempt(() => findRoute(request.method, request.url ?? '/'));
  if (route instanceof ServiceError) return { answer: errorAnswer(route) };
  if (!route) return { answer: errorAnswer(unknownOperation()) };
  const { operation } = route;
  if (!service.bucketOf(operation.name).take())
    return { route, answer: errorAnswer(rateExceeded(operation.throttle)) };

  const input = attempt(() => withBody(route, body));
  if (input instanceof ServiceError) return { route, answer: errorAnswer(input) };
  const sentTokens = service.sentTokensOf(operation.name);
  rememberToken(sentTokens, input);
  const fault = service.faults.next({
    operation: operation.name,
    isPaged: 'itemsKey' in operation,
    sentTokens,
  });
  const result = () => {
    const { account } = service;
    const call = { account, input, instance: findInstance(operation, input, account.instances) };
    assertParents(operation, call);
    if (!('itemsKey' in operation)) return operation.describe(call);
    return answerPage(operation, call, { fault, sentTokens });
  };
  const answer = applyFault(fault, operation, () => {
    const outcome = attempt(result);
    return outcome instanceof ServiceError ? errorAnswer(outcome) : resultAnswer(outcome);
  });
  return { route, fault, answer };
}

/** Shows a bug in the sandbox as a warning: a request must not end the process that owns the sandbox. */
export function warnOf(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

/** Returns the service's own errors as answers, and any other error as an internal one. */
function attempt<T>(work: () => T): T | ServiceError {
  try {
    return work();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    warnOf(error);
    return internalError();
  }
}

// Both bound memory. A `repeated-token` fault with a larger distance never applies.
const MAX_SENT_TOKENS = 100;
const MAX_SENT_LENGTH = 1000;

function rememberToken(sentTokens: string[], { NextToken }: Input): void {
  if (typeof NextToken !== 'string' || NextToken.length > MAX_SENT_LENGTH) sentTokens.length = 0;
  else if (sentTokens.push(NextToken) > MAX_SENT_TOKENS) sentTokens.shift();
}

/** Each wait has its own signal: Node warns of a signal on which many requests listen. */
async function wait({ clock, signal }: Service, ms: number): Promise<void> {
  if (ms <= 0) return;
  const own = new AbortController();
  const unlink = onAbort(signal, (reason) => own.abort(reason));
  try {
    await clock.sleep(ms, own.signal);
  } finally {
    unlink();
  }
}
