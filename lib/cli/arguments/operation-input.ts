import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileError, usageError } from '../cli-error.js';
import type { OperationInput } from '../operations/checked-input.js';

/** Reads `--input`: a JSON object, or the file behind an `@` that has one. */
export function operationInput(text: string): OperationInput {
  const isFile = text.startsWith('@');
  const where = isFile ? `--input ${text}` : '--input';
  let value: unknown;
  try {
    value = JSON.parse(isFile ? readText(text.slice(1)) : text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const hint = isFile ? '' : `; quote it for the shell, such as --input '{"QueueTypes": ["STANDARD"]}'`;
    throw usageError(`${where} is not JSON: ${error.message}${hint}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError(`${where} must be a JSON object, such as {"QueueTypes": ["STANDARD"]}`);
  }
  return { ...value };
}

function readText(name: string): string {
  // `@-` and the names of pipes work as for the AWS CLI.
  const path = name === '-' ? 0 : name;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw usageError(fileError(`cannot read --input @${name}`, resolve(name), error).message);
  }
}
