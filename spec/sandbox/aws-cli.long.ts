import { expect, it } from 'vitest';
import { canRun } from '../support/can-run.js';
import { start } from './client.js';
import { call, chosenUser, expectSame, readWithOurs, skipUnless, THROTTLED } from './other-clients.js';

const cli = skipUnless('the AWS CLI', canRun('sh', '-c', 'command -v aws'));

it.skipIf(cli.missing)(
  `the AWS CLI reads the same users with the same fields as the JavaScript client, in spite of throttles${cli.note}`,
  async () => {
    const bed = await start(THROTTLED);
    const id = chosenUser(bed);
    // Debian 12 has a version that does not know AWS_ENDPOINT_URL.
    const where = ['--endpoint-url', bed.sandbox.endpoint, '--instance-id', bed.InstanceId];
    const ask = (...words: string[]) =>
      call('aws', ['connect', ...words, ...where, '--output', 'json'], bed.sandbox);
    // It is botocore as boto3 is, and each start takes two seconds.
    const answers = [await ask('list-users'), await ask('describe-user', '--user-id', id)];
    expect(bed.sandbox.stats().throttles).toBe(3);
    expectSame(Object.assign({}, ...answers), await readWithOurs(bed, id), ['UserSummaryList', 'User']);
  },
);
