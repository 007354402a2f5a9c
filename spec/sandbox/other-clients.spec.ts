import { expect, it } from 'vitest';
import { canRun } from '../support/can-run.js';
import { start } from './client.js';
import { call, chosenUser, expectSame, readWithOurs, skipUnless, THROTTLED } from './other-clients.js';

const READ_WITH_BOTO3 = `
import boto3, json, os, sys
instance, user = sys.argv[1:]
# Debian 12 has a version that does not know AWS_ENDPOINT_URL.
connect = boto3.client('connect', endpoint_url=os.environ['AWS_ENDPOINT_URL'])
def read(operation, member):
    return connect.get_paginator(operation).paginate(InstanceId=instance).build_full_result()[member]
print(json.dumps({
    'UserSummaryList': read('list_users', 'UserSummaryList'),
    'Users': read('search_users', 'Users'),
    'User': connect.describe_user(InstanceId=instance, UserId=user)['User'],
    'SecurityProfileSummaryList': read('list_security_profiles', 'SecurityProfileSummaryList'),
}, default=lambda time: time.isoformat()))
`;

const FIND_BOTO3 = "import importlib.util, sys; sys.exit(importlib.util.find_spec('boto3') is None)";
const boto3 = skipUnless('boto3', canRun('python3', '-c', FIND_BOTO3));

it.skipIf(boto3.missing)(
  `boto3 reads the same users with the same fields as the JavaScript client, in spite of throttles${boto3.note}`,
  async () => {
    const bed = await start(THROTTLED);
    const id = chosenUser(bed);
    const theirs = await call('python3', ['-c', READ_WITH_BOTO3, bed.InstanceId, id], bed.sandbox);
    expect(bed.sandbox.stats().throttles).toBe(3);
    expectSame(theirs, await readWithOurs(bed, id));
  },
);
