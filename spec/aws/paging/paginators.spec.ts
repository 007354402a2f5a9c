import { readFileSync } from 'node:fs';
import * as apiGateway from '@aws-sdk/client-api-gateway';
import * as cloudfront from '@aws-sdk/client-cloudfront';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as connect from '@aws-sdk/client-connect';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as iam from '@aws-sdk/client-iam';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as kms from '@aws-sdk/client-kms';
import * as rds from '@aws-sdk/client-rds';
import * as redshift from '@aws-sdk/client-redshift';
import * as route53 from '@aws-sdk/client-route-53';
import * as s3 from '@aws-sdk/client-s3';
import * as sqs from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { pagingQuirkOf } from '../../../lib/aws/quirks/paging-quirk-of.js';
import { comparePaginator } from '../../../scripts/compare-paginator.js';
import { generatePagingQuirks } from '../../../scripts/generate-paging-quirks.js';
import { isKnownByName } from '../../../scripts/is-known-by-name.js';
import { readClient } from '../../../scripts/paginated-clients.js';
import { readPaginators } from '../../../scripts/read-paginators.js';

const clients = [
  ...[apiGateway, cloudfront, logs, connect, dynamodb, iam, kinesis],
  ...[kms, rds, redshift, route53, s3, sqs],
].map(readClient);

describe('what is resolved from the schemas of a client', () => {
  it.each(clients.map((entry) => [entry.service, entry] as const))(
    'paging agrees with botocore, or is refused with an error that names what is missing: %s',
    (service, entry) => {
      const paginators = readPaginators().filter((paginator) => paginator.service === service);
      const outcomes = paginators.map((paginator) => comparePaginator(entry, paginator));
      expect(outcomes.filter(({ kind }) => kind === 'wrong')).toEqual([]);
      expect(outcomes.filter(({ kind }) => kind === 'exact').length).toBeGreaterThan(0);
      for (const { kind, why } of outcomes) {
        if (kind === 'refused') expect(why).toMatch(/several lists \(|there are|a function from|pass token/);
      }
    },
  );
});

it('every one of the 3,112 paginators of botocore uses names that are known', () => {
  const paginators = readPaginators();
  const unknown = paginators.filter(
    (paginator) =>
      !isKnownByName(paginator) &&
      pagingQuirkOf(paginator.service.replaceAll(' ', ''), paginator.operation).next === undefined,
  );
  expect(paginators).toHaveLength(3112);
  expect(unknown).toEqual([]);
});

it('the generated quirks are those of the paginators', () => {
  const file = new URL('../../../lib/aws/quirks/botocore-paging.ts', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(generatePagingQuirks(readPaginators()));
});
