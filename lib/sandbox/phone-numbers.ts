import type { Instance } from './instances.js';
import type { Call, PageRequest } from './operation.js';
import { type Page, pageOf } from './page-of.js';
import { invalidParameter, notFound } from './service-error.js';

/** The countries of the numbers, each with the part before its own number. */
const COUNTRIES = [
  ['US', '+120255501'],
  ['GB', '+442079460'],
  ['DE', '+493023125'],
] as const;

const TYPES = ['DID', 'TOLL_FREE'] as const;

/** How many numbers an instance has claimed. */
const COUNT = 24;

interface PhoneNumber {
  readonly index: number;
  readonly PhoneNumber: string;
  readonly PhoneNumberType: string;
  readonly PhoneNumberCountryCode: string;
}

/** ListPhoneNumbers: the numbers of one instance. */
export function listPhoneNumbers({ instance, input, ...request }: PageRequest): Page {
  const rows = numbersFor(input).map(({ index, ...number }) => {
    const Id = instance?.ids.of('phoneNumber', index) ?? '';
    return { Id, Arn: `${instance?.summary.Arn}/phone-number/${Id}`, ...number };
  });
  return pageOf(rows, request);
}

/** ListPhoneNumbersV2: the numbers of one instance, or without any, those of the whole account. */
export function listPhoneNumbersV2({ account, instance, input, ...request }: PageRequest): Page {
  const { TargetArn } = input;
  const owners = account.instances.filter(
    (one) =>
      (instance === undefined || one === instance) &&
      (TargetArn === undefined || one.summary.Arn === TargetArn),
  );
  const rows = owners.flatMap((owner) => numbersFor(input).map((number) => claimedNumber(owner, number)));
  return pageOf(rows, request);
}

/** DescribePhoneNumber: of any instance. */
export function describePhoneNumber({ account, input }: Call): object {
  for (const owner of account.instances) {
    const number = NUMBERS[owner.ids.indexOf('phoneNumber', String(input['PhoneNumberId'])) ?? -1];
    if (!number) continue;
    const status = { Tags: {}, PhoneNumberStatus: { Status: 'CLAIMED' } };
    return { ClaimedPhoneNumberSummary: { ...claimedNumber(owner, number), ...status } };
  }
  throw notFound('Phone number not found');
}

function claimedNumber({ ids, summary }: Instance, { index, ...number }: PhoneNumber) {
  const PhoneNumberId = ids.of('phoneNumber', index);
  const PhoneNumberArn = `${summary.Arn.replace(/:instance.*/, '')}:phone-number/${PhoneNumberId}`;
  return { PhoneNumberId, PhoneNumberArn, ...number, TargetArn: summary.Arn, InstanceId: summary.Id };
}

function numbersFor({
  PhoneNumberTypes,
  PhoneNumberCountryCodes,
  PhoneNumberPrefix = '',
}: PageRequest['input']) {
  const isIn = (list: unknown, value: string) =>
    !Array.isArray(list) || list.length === 0 || list.includes(value);
  if (typeof PhoneNumberPrefix !== 'string') throw invalidParameter('PhoneNumberPrefix must be a string');
  return NUMBERS.filter(
    (one) =>
      isIn(PhoneNumberTypes, one.PhoneNumberType) &&
      isIn(PhoneNumberCountryCodes, one.PhoneNumberCountryCode) &&
      one.PhoneNumber.startsWith(PhoneNumberPrefix),
  );
}

const NUMBERS: readonly PhoneNumber[] = Array.from({ length: COUNT }, (_, index) => {
  const [PhoneNumberCountryCode, prefix] = COUNTRIES[index % COUNTRIES.length] ?? COUNTRIES[0];
  return {
    index,
    PhoneNumber: `${prefix}${String(index).padStart(2, '0')}`,
    PhoneNumberType: TYPES[index % TYPES.length] ?? TYPES[0],
    PhoneNumberCountryCode,
  };
});
