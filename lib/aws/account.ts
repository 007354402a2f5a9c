/** An account in a Region, which has one bucket of requests for each operation, whatever clients draw on it. */
export interface Account {
  /** Undefined if the credentials do not name it. */
  readonly id: string | undefined;
  /** The Region, and the endpoint unless it is the public one. */
  readonly place: string;
}

/** The account of a client, once its credentials are resolved; null if the client names no Region. */
export function accountOf(client: object): Account | null | undefined {
  return ofClient.get(client);
}

/** Keeps the account of a client. Reads its configuration, which sends nothing; null if it names no Region. */
export async function keepAccount(client: object, id: string | undefined): Promise<Account | null> {
  const place = await placeOf(client);
  const known = ofClient.get(client);
  // A request without an ARN says nothing against an account that an earlier one named.
  if (!place || (!id && known)) {
    if (!known) ofClient.set(client, null);
    return known ?? null;
  }
  const name = `${id ?? ''} ${place}`;
  const account = accounts.get(name) ?? { id, place };
  accounts.set(name, account);
  ofClient.set(client, account);
  return account;
}

/** The account in an ARN of the service among the members of an input, such as an `InstanceId`. */
export function accountInArn(input: object, service: string): string | undefined {
  for (const value of Object.values(input)) {
    const [, its, id] = (typeof value === 'string' && ARN.exec(value)) || [];
    if (its === service.toLowerCase()) return id;
  }
  return undefined;
}

// arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
const ARN = /^arn:aws[\w-]*:([\w-]+):[\w-]*:(\d{12}):/;

const ofClient = new WeakMap<object, Account | null>();

/** A few entries for the life of the process, so that a client made later finds the pacers of an earlier one. */
const accounts = new Map<string, Account>();

async function placeOf(client: object): Promise<string | undefined> {
  const { config } = client as { config?: { region?: unknown; endpoint?: unknown } };
  try {
    const region = await settingOf(config?.region);
    // Sandboxes and other stand-ins have their own quotas.
    const { hostname = '', port = '' } = Object(await settingOf(config?.endpoint));
    return typeof region === 'string' ? [region, hostname, port].join(' ').trim() : undefined;
  } catch {
    // No Region: the request itself fails with the SDK's message.
    return undefined;
  }
}

/** The SDK resolves its settings by functions. */
function settingOf(setting: unknown): unknown {
  return typeof setting === 'function' ? setting() : setting;
}
