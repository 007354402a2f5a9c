import { usageError } from '../cli-error.js';

/** What `--instance-id` names. */
export type InstanceReference =
  | { readonly kind: 'id'; readonly id: string; readonly region: string | undefined }
  /** Looked up with ListInstances. */
  | { readonly kind: 'alias'; readonly alias: string };

/** Reads an instance id, an ARN or an alias. Throws a usage error for anything else. */
export function instanceReference(text: string): InstanceReference {
  if (UUID.test(text)) return { kind: 'id', id: text, region: undefined };
  if (/^arn:/i.test(text)) return fromArn(text);
  if (ALIAS.test(text)) return { kind: 'alias', alias: text };
  throw usageError(
    `--instance-id ${text} is not the id, the ARN or the alias of an instance; pageturn instances lists all three`,
  );
}

/** Whether an instance is named by its alias, which the service has to be asked for. */
export function isAlias(text: string | undefined): boolean {
  return text !== undefined && instanceReference(text).kind === 'alias';
}

/** The Region that an ARN brings. Throws a usage error if `--region` names another one. */
export function regionOf(
  reference: InstanceReference | undefined,
  region: string | undefined,
): string | undefined {
  if (reference?.kind !== 'id' || reference.region === undefined) return region;
  if (region !== undefined && region !== reference.region) {
    throw usageError(
      `--region ${region} contradicts the ARN, which is of an instance in ${reference.region}; leave --region out`,
    );
  }
  return reference.region;
}

function fromArn(text: string): InstanceReference {
  const [, region, id = '', rest] = ARN.exec(text) ?? [];
  if (region === undefined) {
    throw usageError(
      `--instance-id ${text} is not the ARN of an instance, which looks like arn:aws:connect:us-east-1:111122223333:instance/ID`,
    );
  }
  if (rest !== undefined && rest !== '') {
    throw usageError(`--instance-id names something in an instance; leave out ${rest}`);
  }
  return { kind: 'id', id, region };
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const ARN = /^arn:aws[a-z-]*:connect:([a-z\d-]+):\d{12}:instance\/([\da-f-]{36})(\/.*)?$/i;

/** Letters, digits and hyphens: `DirectoryAlias` in the service model of 2017-08-08. */
const ALIAS = /^(?!d-)[\da-z][\da-z-]*$/i;
