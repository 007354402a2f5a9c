import { operations } from '../../connect/operations.js';
import { parseMembers } from '../operations/connect-members.js';
import { operationMembers } from '../operations/operation-members.js';
import { EXIT_CODES } from './help-texts.js';
import { findOperation, PAGED_NAMES, type PagedName, shortNameOf } from './operation-name.js';

/** The text of `pageturn list OPERATION --help` above the options: about the operation, if there is one of that name. */
export function operationHelp(words: readonly string[]): string {
  const name = namedIn(words);
  return name === undefined ? '' : helpOf(name);
}

/** The text of `pageturn list --help` below the options: all operations. */
export function operationsHelp(words: readonly string[]): string {
  return namedIn(words) === undefined ? overview() : EXIT_CODES;
}

function namedIn(words: readonly string[]): PagedName | undefined {
  const named = words.find((word) => !word.startsWith('-'));
  return named === undefined ? undefined : findOperation(named);
}

function helpOf(name: PagedName): string {
  const { items, quota, ...operation } = { maxPageSize: undefined, ...operations[name] };
  const { input, item = '' } = operationMembers[name] ?? { input: '' };
  const members = parseMembers(input).filter((one) => !['NextToken', 'MaxResults'].includes(one.name));
  const [instance] = members.filter((one) => one.name === 'InstanceId');
  const others = members.filter((one) => one !== instance);
  const short = shortNameOf(name);
  const page = operation.maxPageSize === undefined ? '' : `, ${operation.maxPageSize} a page`;
  return `${name}${short === undefined ? '' : ` (pageturn list ${short})`}
${items}${page}; at most ${quota.ratePerSecond} requests a second, with a burst of ${quota.burst}
https://docs.aws.amazon.com/connect/latest/APIReference/API_${name}.html

${instance ? `--instance-id: ${instance.isRequired ? 'required' : 'optional'}` : 'It takes no --instance-id.'}
${others.length === 0 ? '--input: nothing' : `--input, as JSON:\n${others.map(lineOf).join('\n')}`}

Columns: ${wrapped(item === '' ? ['value'] : parseMembers(item).map((one) => one.name))}

Example:
  pageturn list ${short ?? name}${instance?.isRequired ? ' --instance-id ID' : ''}${exampleInput(others)} --out items.csv
`;
}

const KINDS = {
  text: 'text',
  number: 'a number',
  flag: 'true or false',
  time: 'a time, such as "2026-11-01T00:00:00Z"',
  list: 'a list',
  object: 'an object',
} as const;

type Member = ReturnType<typeof parseMembers>[number];

function lineOf({ name, kind, isRequired }: Member): string {
  return `  ${name.padEnd(28)} ${KINDS[kind]}${isRequired ? ', required' : ''}`;
}

function exampleInput(members: readonly Member[]): string {
  const needed = members.filter(({ isRequired }) => isRequired);
  return needed.length === 0 ? '' : ' --input @input.json';
}

function overview(): string {
  const names = PAGED_NAMES.map((name) => shortNameOf(name) ?? name);
  return `
Write the operation as queues, list-queues or ListQueues. Each request asks for a full page, at the pace of the
operation's own quota. See pageturn users --help for the options, such as --out, which resumes, and --receipt.
pageturn list OPERATION --help shows the input and the columns of an operation.

Operations: ${wrapped(names)}
${EXIT_CODES}

Examples:
  pageturn list queues --sandbox
  pageturn list security-profiles --instance-id ID --out profiles.csv --columns Id,Name
  pageturn list queues --instance-id ID --input '{"QueueTypes": ["STANDARD"]}'
  pageturn list SearchContacts --instance-id ID --input @contacts.json --out contacts.ndjson`;
}

/** Names with commas between them, in lines of at most 110 characters. */
function wrapped(names: readonly string[]): string {
  const lines = [''];
  for (const [n, name] of names.entries()) {
    const word = n === names.length - 1 ? name : `${name},`;
    const line = lines.at(-1) ?? '';
    // The first line has a heading in front.
    const width = lines.length === 1 ? 98 : 110;
    if (line.length + word.length + 1 <= width)
      lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}
