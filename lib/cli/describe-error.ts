import { PageturnError } from '../core/errors.js';
import { CliError, type ExitCode } from './cli-error.js';
import { printable } from './output/printable.js';

interface ExplainOptions {
  /** Where the credentials were to come from. */
  readonly profile?: string | undefined;
}

/** What to tell the user about an error: one line, without a stack trace, and the exit code. */
export function describeError(
  error: unknown,
  { profile }: ExplainOptions = {},
): { readonly message: string; readonly exitCode: ExitCode } {
  const told = chainOf(error).find((link) => link instanceof CliError);
  if (told) return { message: printable(told.message), exitCode: told.exitCode };
  const { code } = error as Partial<PageturnError>;
  return { message: printable(describe(error, profile)), exitCode: code === 'ERR_INVALID_ARGUMENT' ? 2 : 1 };
}

function describe(error: unknown, profile: string | undefined): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof PageturnError)) return nameAndMessage(error);
  const { code, cause, attempts } = error;
  if (code === 'ERR_TOKEN_REJECTED' && cause instanceof Error) {
    return `the service refuses the page token, which may have expired: ${nameAndMessage(cause)}`;
  }
  if (code === 'ERR_TOKEN_CYCLE')
    return 'the service gave a page token a second time, and would go on in a circle';
  if (code !== 'ERR_REQUEST_FAILED' && code !== 'ERR_RETRY_EXHAUSTED') return error.message;
  // The service's own words, which the library keeps to itself: it does not know who reads its messages.
  const answer = cause instanceof Error ? (outcomeOf(cause) ?? nameAndMessage(cause)) : error.message;
  const given = code === 'ERR_RETRY_EXHAUSTED' ? `given up after ${attempts} attempts: ` : '';
  if (profile !== undefined && cause instanceof Error && cause.name === 'CredentialsProviderError') {
    // Of a profile that is there the SDK says itself what it lacks.
    return cause.message.startsWith('Could not load')
      ? `no credentials in profile "${profile}": is it in ~/.aws/config?`
      : answer;
  }
  const advice = adviceFor(chainOf(cause), profile);
  return advice === undefined ? given + answer : `${given}${answer}; ${advice}`;
}

/** What came of a request that Amazon Connect has not answered; undefined where it has. */
function outcomeOf(error: Error): string | undefined {
  const { code, $metadata } = error as Failure;
  const status = $metadata?.httpStatusCode;
  if (isForeign(error)) return `the answer (HTTP ${status}) is not Amazon Connect's`;
  const host = hostOf(error);
  return host === undefined ? undefined : `no answer from ${host}: ${code ?? error.name}`;
}

/** The parts of an error of the SDK or of a socket that tell where it is from. */
interface Failure extends NodeJS.ErrnoException {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly hostname?: string;
  readonly address?: string;
  readonly port?: number;
  /** Of an AggregateError: a socket tries every address of a host. */
  readonly errors?: readonly Failure[];
}

/**
 * Whether an answer is no JSON, or an error without a name: those of the service have one, but for a throttle that
 * comes from what stands before it.
 */
function isForeign({ name, $metadata }: Failure): boolean {
  const status = $metadata?.httpStatusCode;
  return status !== undefined && (name === 'SyntaxError' || (name === 'Unknown' && status !== 429));
}

function hostOf({ hostname, address, port, errors }: Failure): string | undefined {
  if (hostname !== undefined) return hostname;
  if (address !== undefined) return `${address.includes(':') ? `[${address}]` : address}:${port}`;
  return errors?.[0] && hostOf(errors[0]);
}

function nameAndMessage({ name, message, code }: NodeJS.ErrnoException): string {
  const sentence = message.replace(/[\s.]+$/, '');
  // An AggregateError of the sockets has no message of its own.
  if (sentence === '') return code ?? name;
  return name === 'Error' ? sentence : `${name}: ${sentence}`;
}

function adviceFor(chain: readonly Error[], profile: string | undefined): string | undefined {
  for (const link of chain as readonly Failure[]) {
    const { name, message, code } = link;
    if (isForeign(link)) return 'check --endpoint-url, --region and any proxy';
    const advice = ADVICE[name] ?? ADVICE[code ?? ''];
    if (advice !== undefined) return advice;
    if (message !== 'Region is missing') continue;
    const where = profile === undefined ? '' : `; there is none in profile "${profile}"`;
    return `pass --region, or set AWS_REGION${where}`;
  }
  return undefined;
}

const RENEW = 'renew the credentials (aws sso login, or new keys) and run the command again';
const WHO = 'check the credentials, or name a profile with --profile';
const WHERE = 'check --region, --endpoint-url and the network';

/** By the name of the error or its code. */
const ADVICE: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'check --instance-id, --region and --profile',
  AccessDeniedException: 'the credentials need the permission connect:ListUsers',
  CredentialsProviderError:
    'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile',
  ExpiredTokenException: RENEW,
  ExpiredToken: RENEW,
  UnrecognizedClientException: WHO,
  InvalidSignatureException: `${WHO}; then the clock of this machine`,
  InvalidClientTokenId: WHO,
  ENOTFOUND: WHERE,
  ECONNREFUSED: WHERE,
  ETIMEDOUT: WHERE,
  TimeoutError: WHERE,
};

/** An error and what caused it, outermost first. */
function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let link = error; link instanceof Error && !chain.includes(link); link = link.cause) chain.push(link);
  return chain;
}
