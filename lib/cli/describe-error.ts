import { operationNamed } from '../connect/operation-named.js';
import { chainOf } from '../core/error-fields.js';
import { PageturnError } from '../core/errors.js';
import { CliError, type ExitCode } from './cli-error.js';
import { bounded, printable } from './format.js';

interface DescribeErrorOptions {
  /** The profile that should provide the credentials. */
  readonly profile?: string | undefined;
}

/** One line for the user, without a stack trace, and the exit code. */
export function describeError(
  error: unknown,
  { profile }: DescribeErrorOptions = {},
): { readonly message: string; readonly exitCode: ExitCode } {
  const cliError = [...chainOf(error)].find((link) => link instanceof CliError);
  if (cliError) return { message: printable(bounded(cliError.message)), exitCode: cliError.exitCode };
  const { code, message = '' } = error as Partial<PageturnError>;
  const isUsage = code === 'ERR_INVALID_ARGUMENT' && !message.endsWith(PASS_KEY);
  return { message: printable(bounded(describe(error, profile))), exitCode: isUsage ? 2 : 1 };
}

function describe(error: unknown, profile: string | undefined): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof PageturnError)) return nameAndMessage(error);
  const { code, cause, attempts, message } = error;
  if (code === 'ERR_TOKEN_REJECTED' && cause instanceof Error) {
    return `the service rejected the page token, which may have expired: ${nameAndMessage(cause)}`;
  }
  if (code === 'ERR_TOKEN_CYCLE') {
    return 'the service returned the same page token twice, so the listing would never end; report it to the service';
  }
  if (code === 'ERR_PAGE_INVALID' && cause instanceof Error && cause.name === 'EmptyAnswer') {
    return `the service promised another page but returned an empty answer, ${attempts} times; try again later`;
  }
  if (code === 'ERR_TOO_MANY_FAILURES') {
    const last = cause === undefined ? '' : `; the last one: ${describe(cause, profile)}`;
    return `${message.split(' in ')[0]}, more than --max-failures allows${last}`;
  }
  // An option of the library alone: items of Amazon Connect have identifiers.
  if (message.endsWith(PASS_KEY)) return `${message.slice(0, -PASS_KEY.length)}; report it to the service`;
  if (code === 'ERR_LISTING_INCOMPLETE' && cause instanceof AggregateError) {
    const advice = new Set(cause.errors.flatMap((one) => adviceForRequest(one, profile) ?? []));
    return advice.size === 0 ? message : `${message}: ${[...advice].join('; ')}`;
  }
  if (code !== 'ERR_REQUEST_FAILED' && code !== 'ERR_RETRY_EXHAUSTED') return error.message;
  // The library keeps the service's message out of its own, because it may contain names; the CLI's user may see it.
  const answer = cause instanceof Error ? (unansweredBy(cause) ?? nameAndMessage(cause)) : error.message;
  const prefix = code === 'ERR_RETRY_EXHAUSTED' ? `gave up after ${attempts} attempts: ` : '';
  if (profile !== undefined && cause instanceof Error && cause.name === 'CredentialsProviderError') {
    // If the profile exists, the SDK's own message says what is missing.
    return cause.message.startsWith('Could not load')
      ? `no credentials in profile "${profile}": is it in ~/.aws/config?`
      : answer;
  }
  const advice = adviceForRequest(error, profile);
  return advice === undefined ? prefix + answer : `${prefix}${answer}; ${advice}`;
}

/** What to do about a request that failed; its error names the operation. */
function adviceForRequest(error: unknown, profile: string | undefined): string | undefined {
  if (!(error instanceof PageturnError)) return undefined;
  const [, operation = 'ListUsers'] = /^Connect\.(\w+)/.exec(error.message) ?? [];
  return adviceFor(error.cause, { profile, action: `connect:${operation}` });
}

/** What happened to a request that Amazon Connect did not answer; undefined if it did. */
function unansweredBy(error: Error): string | undefined {
  const status = (error as Failure).$metadata?.httpStatusCode;
  if (isNotFromService(error)) return `the response (HTTP ${status}) is not from Amazon Connect`;
  for (const link of failuresOf(error)) {
    const host = hostOf(link);
    if (host !== undefined) return `no response from ${host}: ${link.code ?? link.name}`;
  }
  return undefined;
}

/** An error and its causes, outermost first, as far as they are errors. */
function failuresOf(error: unknown): Failure[] {
  return [...chainOf(error)].filter((link): link is Error => link instanceof Error);
}

/** The members of an SDK or socket error that show where it comes from. */
interface Failure extends NodeJS.ErrnoException {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly hostname?: string;
  readonly address?: string;
  readonly port?: number;
}

/**
 * Whether a response is not JSON, or an error without a name. The service's errors have names, except for throttles
 * from a gateway in front of it.
 */
function isNotFromService({ name, $metadata }: Failure): boolean {
  const status = $metadata?.httpStatusCode;
  return status !== undefined && (name === 'SyntaxError' || (name === 'Unknown' && status !== 429));
}

function hostOf({ hostname, address, port }: Failure): string | undefined {
  if (hostname !== undefined) return hostname;
  return address && `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function nameAndMessage({ name, message, code }: NodeJS.ErrnoException): string {
  const sentence = withoutEnd(message);
  // A socket's AggregateError has an empty message.
  if (sentence === '') return code ?? name;
  return name === 'Error' ? sentence : `${name}: ${sentence}`;
}

/** Without the full stops and spaces at its end; a regular expression would take quadratic time for many of them. */
function withoutEnd(message: string): string {
  let end = message.length;
  while (/^[\s.]$/.test(message.charAt(end - 1))) end--;
  return message.slice(0, end);
}

interface AdviceOptions {
  readonly profile: string | undefined;
  /** The permission that the request needed, unless the service names it. */
  readonly action: string;
}

function adviceFor(cause: unknown, { profile, action }: AdviceOptions): string | undefined {
  for (const link of failuresOf(cause)) {
    const { name, message, code } = link;
    if (isNotFromService(link)) return 'check --endpoint-url, --region and any proxy';
    // The service names the action: a command may send requests of several.
    const [permission = action] = /\bconnect:\w+/i.exec(message) ?? [];
    if (name === 'AccessDeniedException') return `the credentials need the permission ${permission}`;
    if (name === 'ResourceNotFoundException' && takesIds(action))
      return `check the ids in --input, and ${CHECK_INSTANCE}`;
    const advice = ADVICE[name] ?? ADVICE[code ?? ''];
    if (advice !== undefined) return advice;
    if (!/^Region (is missing|not accepted)/.test(message)) continue;
    const where = profile === undefined ? '' : `; profile "${profile}" does not set one`;
    return `pass --region, or set AWS_REGION${where}`;
  }
  return undefined;
}

/** Whether an operation lists the parts of something, such as the queues of a routing profile. */
function takesIds(action: string): boolean {
  const operation = operationNamed(action.replace('connect:', ''));
  return (
    operation !== undefined && operation.ofInstance !== true && operation.items !== 'InstanceSummaryList'
  );
}

const PASS_KEY = '; pass the option key';

const CHECK_INSTANCE =
  '--instance-id, --region and --profile; an instance that is being deleted is not found either';
const RENEW = 'renew the credentials (aws sso login, or new keys) and rerun the command';
const CHECK_CREDENTIALS = 'check the credentials, or select a profile with --profile';
const CHECK_NETWORK = 'check --region, --endpoint-url and the network';

/** By error name or error code. */
const ADVICE: Readonly<Record<string, string>> = {
  ResourceNotFoundException: `check ${CHECK_INSTANCE}`,
  CredentialsProviderError:
    'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or select a profile with --profile',
  ExpiredTokenException: RENEW,
  ExpiredToken: RENEW,
  UnrecognizedClientException: CHECK_CREDENTIALS,
  InvalidSignatureException: `${CHECK_CREDENTIALS}; also check this machine's clock`,
  InvalidClientTokenId: CHECK_CREDENTIALS,
  ENOTFOUND: CHECK_NETWORK,
  ECONNREFUSED: CHECK_NETWORK,
  ETIMEDOUT: CHECK_NETWORK,
  TimeoutError: CHECK_NETWORK,
};
