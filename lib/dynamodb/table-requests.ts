import type {
  BatchWriteItemCommandOutput,
  ConditionCheck,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  TransactWriteItemsCommandOutput,
  UpdateItemCommand,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { answerOf } from '../aws/answer-body.js';
import type { CommandClass, InputOf, OutputOf } from '../aws/command.js';
import { assertClient, createSend, type SendOptions } from '../aws/create-send.js';
import { assertHasMembers, IncompleteAnswer } from '../aws/incomplete-answer.js';
import { isClientOf } from '../aws/is-client-of.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import type { RequestStats } from '../core/request-stats.js';
import { errorInBody } from '../request/error-in-body.js';
import type { Send } from '../request/with-attempt.js';
import { withOwnSignal } from '../request/with-own-signal.js';
import type { Item } from './attribute-value.js';
import { withTransactions } from './transaction-error.js';

/** A `DynamoDBClient`, or a `DynamoDBDocumentClient`, whose marshalling options do not matter here. */
export interface AnyDynamoDBClient {
  readonly config: object;
  send(...args: never): unknown;
}

/** How the requests are sent: the retry outlasts throttles, as that of a listing does. */
export type TableSendOptions = Pick<SendOptions, 'retry' | 'pace' | 'clock'>;

type Input<C extends { new (input: never): { readonly input: object } }> = Omit<
  InstanceType<C>['input'],
  'TableName'
>;

interface Call {
  readonly signal?: AbortSignal | undefined;
  readonly stats?: RequestStats | undefined;
}

/** The requests to one table, retried and paced. */
export class TableRequests {
  readonly table: string;
  readonly #client: DynamoDBClient;
  readonly #options: TableSendOptions;
  #senders: Promise<Senders> | undefined;

  constructor(client: unknown, table: unknown, options: TableSendOptions) {
    if (typeof table !== 'string' || table === '')
      throw invalidArgument('table', 'the name of a table', table);
    if (!isClientOf(client, 'DynamoDB'))
      throw invalidArgument('client', 'a DynamoDBClient or a DynamoDBDocumentClient', client);
    this.table = table;
    this.#client = client as DynamoDBClient;
    this.#options = options;
  }

  /** The item as it is now, or undefined. */
  async get(input: Input<typeof GetItemCommand>, call: Call = {}): Promise<Item | undefined> {
    const { get } = await this.#load();
    return (await get({ ConsistentRead: true, ...input, TableName: this.table }, call)).Item;
  }

  async update(
    input: Input<typeof UpdateItemCommand>,
    call: Call = {},
  ): Promise<OutputOf<typeof UpdateItemCommand>> {
    const { update } = await this.#load();
    return update({ ...input, TableName: this.table }, call);
  }

  async delete(input: Input<typeof DeleteItemCommand>, call: Call = {}): Promise<void> {
    const { delete: send } = await this.#load();
    await send({ ...input, TableName: this.table }, call);
  }

  /** Puts up to 25 items. What the table does not process counts as throttled, and is sent again. */
  async put(items: readonly Item[], call: Call = {}): Promise<void> {
    const { put } = await this.#load();
    const left = items.map((item) => ({ PutRequest: { Item: item } }));
    await put({ table: this.table, left }, call);
  }

  /** Puts up to 99 items, all or none, while a condition holds. */
  async putWhile(check: ConditionCheck, items: readonly Item[], call: Call = {}): Promise<void> {
    const { putWhile } = await this.#load();
    await putWhile({ table: this.table, check, items }, call);
  }

  #load(): Promise<Senders> {
    this.#senders ??= load(this.#client, this.#options);
    return this.#senders;
  }
}

/** Whether the condition of a request did not hold. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof PageturnError && Object(error.cause).name === 'ConditionalCheckFailedException';
}

interface PendingPuts {
  readonly table: string;
  /** What the table has not processed yet. */
  left: readonly WriteRequest[];
}

interface ConditionalPuts {
  readonly table: string;
  readonly check: ConditionCheck;
  readonly items: readonly Item[];
}

type SendOf<C extends CommandClass> = Send<InputOf<C>, OutputOf<C>>;

interface Senders {
  readonly get: SendOf<typeof GetItemCommand>;
  readonly update: SendOf<typeof UpdateItemCommand>;
  readonly delete: SendOf<typeof DeleteItemCommand>;
  readonly put: Send<PendingPuts, BatchWriteItemCommandOutput>;
  readonly putWhile: Send<ConditionalPuts, TransactWriteItemsCommandOutput>;
}

/** The client's package is loaded when the first request is sent. */
async function load(client: DynamoDBClient, options: TableSendOptions): Promise<Senders> {
  const sdk = await import('@aws-sdk/client-dynamodb');
  const build = ({ table, left }: PendingPuts) =>
    new sdk.BatchWriteItemCommand({ RequestItems: { [table]: [...left] } });
  const buildTransaction = ({ table, check, items }: ConditionalPuts) =>
    new sdk.TransactWriteItemsCommand({
      TransactItems: [
        { ConditionCheck: check },
        ...items.map((item) => ({ Put: { TableName: table, Item: item } })),
      ],
    });
  const sending: unknown = client;
  assertClient(sending);
  const sender = <I extends object, O extends object>(
    name: string,
    build: (input: I) => object,
    its = options,
  ) => withOwnSignal(createSend<I, O>(sending, `DynamoDB.${name}`, build, its, assertAnswered));
  return {
    get: sender('GetItem', (input) => new sdk.GetItemCommand(input)),
    update: sender('UpdateItem', (input) => new sdk.UpdateItemCommand(input)),
    delete: sender('DeleteItem', (input) => new sdk.DeleteItemCommand(input)),
    put: withOwnSignal(createSend(sending, 'DynamoDB.BatchWriteItem', build, options, assertProcessed)),
    putWhile: sender('TransactWriteItems', buildTransaction, withTransactions(options)),
  };
}

/** DynamoDB answers `{}` if it has nothing to say: an empty body, or an error with status 200, is not from it. */
function assertAnswered(output: object, input: object): void {
  const answer = answerOf(output);
  if (answer && answer.body === undefined) throw new IncompleteAnswer('body');
  const error = errorInBody(answer?.body ?? output, answer?.headers);
  if (error) throw error;
  if ('ReturnValues' in input) assertHasMembers(output, ['Attributes']);
}

/** Keeps what was not processed for the next attempt, and fails this one. DynamoDB names the rest even if there is none. */
function assertProcessed(output: BatchWriteItemCommandOutput, pending: PendingPuts): void {
  assertHasMembers(output, ['UnprocessedItems']);
  const left = Object.values(output.UnprocessedItems ?? {}).flat();
  if (left.length === 0) return;
  pending.left = left;
  throw new Unprocessed(`${left.length} items were not processed`);
}

/** Named like the error of a table that processes nothing: both mean that its throughput is used up. */
class Unprocessed extends Error {
  override readonly name = 'ProvisionedThroughputExceededException';
}
