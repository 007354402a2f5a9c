import type { BatchWriteItemCommandOutput, DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb';

/** What happens to the next request of an operation. */
export interface Fault {
  readonly on: string;
  /** Of a batch: how many items are processed. */
  readonly process?: number;
  readonly error?: { readonly name: string; readonly CancellationReasons?: readonly object[] };
  /** An answer that replaces the table's. */
  readonly answer?: object;
  /** Whether the request reaches the table although it fails. */
  readonly takesEffect?: boolean;
  readonly meanwhile?: () => unknown;
}

interface Intercepted {
  /** How many items the batches had. */
  readonly batches: number[];
}

/** Lets the requests of a client meet faults, in order. */
export function intercept(client: DynamoDBClient, faults: readonly Fault[]): Intercepted {
  const left = [...faults];
  const batches: number[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = String(context['commandName']).replace('Command', '');
      const { RequestItems } = args.input as { RequestItems?: Record<string, WriteRequest[]> };
      const [entry] = Object.entries(RequestItems ?? {});
      if (entry) batches.push(entry[1].length);
      const at = left.findIndex(({ on }) => on === operation);
      const [fault] = at < 0 ? [] : left.splice(at, 1);
      if (!fault) return next(args);
      const { process, error, takesEffect, meanwhile, answer } = fault;
      await meanwhile?.();
      if (answer) return { response: undefined, output: { $metadata: {}, ...answer } };
      if (takesEffect) await next(args);
      if (error) throw Object.assign(new Error('injected'), { ...error, $metadata: { httpStatusCode: 400 } });
      if (process === undefined) return next(args);
      const [table, items] = entry ?? ['', []];
      const rest = { [table]: items.slice(process) };
      if (process === 0) return { response: undefined, output: { $metadata: {}, UnprocessedItems: rest } };
      const result = await next({ ...args, input: { RequestItems: { [table]: items.slice(0, process) } } });
      const output = result.output as BatchWriteItemCommandOutput;
      return { ...result, output: { ...output, UnprocessedItems: rest } };
    },
    { step: 'initialize', name: 'faults' },
  );
  return { batches };
}
