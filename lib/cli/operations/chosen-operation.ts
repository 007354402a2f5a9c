import { operations } from '../../connect/operations.js';
import { operationName } from '../arguments/operation-name.js';
import type { ListOptions } from '../arguments/options.js';
import { assertInputMembers } from './assert-input-members.js';
import { checkedInput } from './checked-input.js';
import { connectOperation } from './connect-operation.js';
import type { Operation } from './operation.js';

/** The operation of `pageturn list`, with its input. Throws a usage error for an unknown name or an invalid input. */
export async function chosenOperation(
  text: string,
  { input = {} }: Pick<ListOptions, 'input'>,
): Promise<Operation<unknown>> {
  const name = await operationName(text);
  const checked = checkedInput(name, input);
  await assertInputMembers(operations[name].command, checked);
  return connectOperation(name, checked);
}
