import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PAGED_NAMES } from '../../lib/cli/arguments/operation-name.js';
import { runCli } from './run-in-process.js';

describe('help', () => {
  it('an option without its value is explained once, in the words of its description', async () => {
    for (const command of ['users', 'diff', 'list', 'backup']) {
      const { stdout } = await runCli([command, '--help']);
      expect(stdout).toMatch(/\(default:\s+12000\s+users\)/);
      expect(stdout).not.toContain('preset');
    }
  });

  it.each([
    ['--help', /users .*\n[\s\S]*instances [\s\S]*find [\s\S]*list [\s\S]*changes /],
    ['help', /users .*\n[\s\S]*changes /],
    ['help verify', /receipt/],
    ['help list queues', /^ListQueues \(pageturn list queues\)/],
    ['help users', /--instance-id[\s\S]*Exit codes/],
    ['users --help', /--instance-id[\s\S]*--resume[\s\S]*Exit codes[\s\S]*Examples/],
    ['instances --help', /--region[\s\S]*Exit codes[\s\S]*Examples/],
    ['find --help', /username[\s\S]*--instance-id[\s\S]*Exit codes: 0 found; 1 not found or failed/],
    ['diff --help', /<a> <b>[\s\S]*--headings[\s\S]*Exit codes[\s\S]*Examples/],
    ['count --help', /--instance-id[\s\S]*Service Quotas[\s\S]*Exit codes/],
    ['list --help', /Operations: [\s\S]*\bqueues, [\s\S]*\bSearchUsers\b/],
    ['list queues --help', /^ListQueues \(pageturn list queues\)[\s\S]*QueueTypes +a list[\s\S]*Usage:/],
    ['list ListQueues --help', /^ListQueues \(pageturn list queues\)/],
    ['verify --help', /receipt[\s\S]*Exit codes[\s\S]*Examples/],
    ['changes --help', /--since[\s\S]*--update[\s\S]*Examples/],
  ])('pageturn %s prints help to standard output and exits with 0', async (args, text) => {
    const { code, stdout, stderr } = await runCli(args.split(' '));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(text);
  });

  it.each(['--help', '--version', 'help', 'help users', 'users --help', 'list queues --help'])(
    'pageturn %s exits with 1 when standard output takes nothing',
    async (args) => {
      expect(await runCli(args.split(' '), { appendTo: '/dev/full' })).toMatchObject({
        code: 1,
        stderr: 'pageturn: cannot write to standard output: ENOSPC: no space left on device\n',
      });
    },
  );

  it('the lines of the help are no longer than 120 characters', async () => {
    const commands = [
      [],
      ['users'],
      ['instances'],
      ['find'],
      ['count'],
      ['diff'],
      ['list'],
      ['changes'],
      ['verify'],
    ];
    const operations = PAGED_NAMES.map((name) => ['list', name]);
    for (const command of [...commands, ...operations]) {
      const { stdout } = await runCli([...command, '--help']);
      expect(stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
    }
  });

  it('pageturn --version prints the version of the package', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });
});

const UUID = '11111111-2222-4333-8444-555555555555';
const ARN = `arn:aws:connect:us-east-1:123456789012:instance/${UUID}`;

describe('usage errors', () => {
  const id = '--instance-id x';
  it.each([
    ['', /no command given/],
    ['user', /unknown command 'user' \(Did you mean users\?\)/],
    ['x', /unknown command 'x'; see pageturn --help/],
    ['help nope', /unknown command 'nope'; see pageturn --help/],
    ['help user', /unknown command 'user' \(Did you mean users\?\)/],
    [`users ${id} --outfile x`, /unknown option '--outfile' \(Did you mean --out\?\)/],
    [`users ${id} --output-file=x`, /\(Did you mean --output\?\)/],
    [`users ${id} --outptu csv`, /\(Did you mean --output\?\)/],
    [`users ${id} --profil x`, /\(Did you mean --profile\?\)/],
    [`users ${id} --col x`, /\(Did you mean --columns\?\)/],
    [`changes ${id} --since x --resum`, /unknown option '--resum'; see pageturn changes --help/],
    ['--sandbox', /unknown option '--sandbox'; see pageturn --help/],
    ['users', /--instance-id/],
    ['users --instance-id', /--instance-id <id>' argument missing/],
    ['users --instance-id=', /--instance-id.*1 to 100/],
    [`users --instance-id ${'x'.repeat(101)}`, /--instance-id.*1 to 100/],
    [
      'users --instance-id arn:aws:connect:us-east-1:1:instance/x',
      /not the ARN of an instance.*looks like arn:/,
    ],
    [`users --instance-id ${ARN}/agent/${UUID}`, /names something in an instance; leave out \/agent/],
    [
      `users --instance-id ${ARN} --region us-west-2`,
      /--region us-west-2 contradicts the ARN.*us-east-1; leave/,
    ],
    ['users --instance-id acme.com', /not the id, the ARN or the alias of an instance; pageturn instances/],
    ['users --instance-id d-90670', /not the id, the ARN or the alias/],
    [`users ${id} --region us-east-1 --region us-east-1`, /--region.*given twice/],
    [`users ${id} --region us-east-1/x`, /--region.*name of a Region/],
    [`users ${id} --region us-east-1 --region us-west-2`, /--region is given more than once/],
    ['list', /missing required argument 'operation'; see pageturn list --help/],
    [`list quees ${id}`, /no operation quees \(did you mean ListQueues\?\); pageturn list --help/],
    [`list listqueue ${id}`, /did you mean ListQueues\?/],
    [`list zzzzzzzzzzzz ${id}`, /no operation zzzzzzzzzzzz; pageturn list --help/],
    [`list describe-user ${id}`, /DescribeUser is not paged: /],
    ['list queues', /--instance-id is missing; to list the instances, run pageturn instances/],
    [`list queues ${id} --input {`, /--input is not JSON: .*quote it for the shell/],
    [`list queues ${id} --input []`, /--input must be a JSON object/],
    [`list queues ${id} --input @/nope/a.json`, /cannot read --input @\/nope\/a.json/],
    [`list queues ${id} --input {"QueueType":[]}`, /no member QueueType \(did you mean QueueTypes\?\)/],
    [`list queues ${id} --input {"QueueTypes":"STANDARD"}`, /QueueTypes must be a list/],
    [`list queues ${id} --input {"InstanceId":"x"}`, /leave InstanceId out; pass --instance-id/],
    [`list queues ${id} --input {"NextToken":"x"}`, /leave NextToken out; pageturn reads all pages/],
    [`list queues ${id} --input {"MaxResults":5}`, /leave MaxResults out; pass --page-size/],
    [
      `list SearchContacts ${id} --input {"TimeRange":{"StartTime":"soon"}}`,
      /TimeRange.StartTime must be a time/,
    ],
    [`list routing-profile-queues ${id}`, /needs RoutingProfileId: pass --input '\{"RoutingProfileId"/],
    [
      `list ListRealtimeContactAnalysisSegmentsV2 ${id}`,
      /needs ContactId, OutputType and SegmentTypes: pass --input '\{"ContactId": "\.\.\.", "OutputType"/,
    ],
    [
      `list contact-references ${id} --page-size 5 --input {"ContactId":"c","ReferenceTypes":["URL"]}`,
      /the service decides how many/,
    ],
    [`list security-keys ${id} --page-size 3`, /--page-size must be at most 2/],
    [`list security-keys ${id} --modified-since 7d`, /does not say when security keys were modified/],
    [`list security-keys ${id} --filter x`, /--filter: security keys have no name/],
    [`list queues ${id} --columns Nam`, /no column Nam \(did you mean Name\?\)/],
    [`instances ${id}`, /unknown option '--instance-id'/],
    ['instances --sandbox --endpoint-url http://x', /--endpoint-url.*--sandbox/],
    ['instances --modified-since 7d', /unknown option '--modified-since'/],
    ['diff a', /missing required argument 'b'/],
    ['diff a nope.csv', /nope\.csv does not exist; name a file, or the id of an instance/],
    ['diff a a', /A and B are the same; pass two different sides/],
    [`diff ${ARN} a_b`, /a_b is not the id, the ARN or the alias/],
    [`diff ${ARN} ${UUID} --region us-west-2`, /--region us-west-2 contradicts the ARN/],
    ['diff a b --region us-east-1 --region us-east-2 --region us-west-2', /given more than twice/],
    [
      'diff package.json a --region us-east-1 --region us-east-2',
      /--region is given more often than there are instances/,
    ],
    ['diff package.json README.md --sandbox', /--sandbox has no effect on two files/],
    ['diff a b --columns field,changes', /no column changes/],
    ['diff a b --headings Username', /fields with their headings/],
    ['count', /--instance-id is missing/],
    [`count ${id} --columns resources`, /did you mean resource\?/],
    [`count ${id} --page-size 5`, /unknown option '--page-size'/],
    ['find', /missing required argument 'username'/],
    ['find x', /--instance-id is missing/],
    [`find x ${id} --columns Usernam`, /did you mean Username\?/],
    [`users ${id} --fliter x`, /--fliter.*--filter/],
    [`users ${id} extra`, /too many arguments/],
    [`users ${id} --output xml`, /--output.*table, ndjson, json, csv, text, parquet/],
    [`users ${id} --max-items 0`, /--max-items.*at least 1/],
    [`users ${id} --max-items -1`, /--max-items.*at least 1/],
    [`users ${id} --max-items 1e3`, /--max-items.*whole number/],
    [`users ${id} --max-items ten`, /--max-items.*whole number/],
    [`users ${id} --page-size 1001`, /--page-size.*1 to 1000/],
    [`users ${id} --page-size 2.5`, /--page-size.*whole number/],
    [`users ${id} --share 0`, /--share.*above 0/],
    [`users ${id} --share half`, /--share.*such as 0.5/],
    [`users ${id} --endpoint-url localhost`, /--endpoint-url.*URL/],
    [`users ${id} --endpoint-url file:///etc`, /--endpoint-url.*http/],
    [`users ${id} --sandbox`, /--instance-id.*--sandbox/],
    ['users --sandbox -5', /-5|sandbox/],
    ['users --sandbox --endpoint-url http://x', /--endpoint-url.*--sandbox/],
    [`users ${id} --max-attempts 0`, /--max-attempts.*at least 1/],
    [`users ${id} --max-elapsed 10`, /--max-elapsed.*such as 90s, 10m or 2h/],
    [`users ${id} --max-elapsed 0s`, /--max-elapsed/],
    [`users ${id} --filter=`, /--filter/],
    [`users ${id} --resume a --out ./a`, /same file/],
    [`users ${id} --resume a --out users.ndjson`, /--out resumes by itself: leave --resume a out/],
    [`users ${id} --resume a --output table`, /--resume FILE needs --output ndjson.*--out FILE/],
    [`users ${id} --resume a --output csv`, /--resume FILE needs --output ndjson.*--out FILE/],
    [`users ${id} --resume a`, /standard output is not a regular file: use --out FILE/],
    [`users ${id} --resume`, /--out FILE/],
    [`users ${id} --resume --out -`, /--out FILE/],
    [`users ${id} --restart`, /--restart needs --out FILE/],
    [`users ${id} --restart --out -`, /--restart needs --out FILE/],
    [`users ${id} --out users`, /users has no known ending.*--output/],
    [`users ${id} --out users.cvs`, /did you mean \.csv\?/],
    [`users ${id} --out users.csv.gz`, /has no known ending/],
    [`users ${id} --output parquet`, /--output parquet needs --out FILE/],
    [`changes ${id} --since x --output parquet`, /--output parquet needs --out FILE/],
    [`users ${id} --out s3://bucket`, /write s3:\/\/BUCKET\/KEY/],
    [`users ${id} --out s3://bucket/folder/`, /write s3:\/\/BUCKET\/KEY/],
    [`users ${id} --out s3:///users.csv`, /write s3:\/\/BUCKET\/KEY/],
    [`users ${id} --out s3://bucket/users`, /has no known ending/],
    [`users ${id} --out s3://bucket/a.csv --resume a`, /--out resumes by itself/],
    [`changes ${id} --since x --out s3://bucket/`, /write s3:\/\/BUCKET\/KEY/],
    [`users ${id} --out https://example.com/users.csv`, /https:\/\/.*name a file/],
    [`users ${id} --out a.json --receipt ./a.json`, /same file/],
    [`users ${id} --columns Id,Usrname`, /no column Usrname \(did you mean Username\?\)/],
    [`users ${id} --columns username`, /did you mean Username\?/],
    [`users ${id} --columns Modified`, /did you mean LastModifiedTime\?/],
    [`users ${id} --columns Id.x`, /no column Id\.x/],
    [`users ${id} --columns zzz`, /no column zzz; the columns are Id, Arn, Username/],
    [`users ${id} --columns Id,,Arn`, /names with commas between them/],
    [`users ${id} --columns Id,Id`, /names Id twice/],
    [`users ${id} --fields Emial`, /--fields: users have no field "Emial" \(did you mean Email\?\)/],
    [`users ${id} --fields Id,,Email`, /names with commas between them/],
    [`users ${id} --fields Id,Id`, /--fields names Id twice/],
    [`users ${id} --fields Id --columns Email`, /--columns: Email is not read; add it to --fields/],
    [`users ${id} --columns RoutingProfileName`, /RoutingProfileName is not read; add it to --fields/],
    [`users ${id} --details --columns Usernam`, /did you mean Username\?/],
    [`users ${id} --details --page-size 501`, /--page-size must be at most 500/],
    ['users --plan', /--instance-id is missing; .*--plan 5000/],
    ['users --plan many', /--plan.*whole number/],
    ['users --plan 5 --output connect-import', /--plan with --output connect-import needs --directory/],
    [`users ${id} --directory SAML`, /--directory needs --output connect-import/],
    [`users ${id} --output connect-import --directory AD`, /--directory.*SAML, CONNECT_MANAGED/],
    [`users ${id} --output connect-import --fields Id`, /leave --fields out/],
    [`users ${id} --output connect-import --columns Id`, /leave --columns out/],
    [
      'users --region eu-central-1 --region us-east-1 --output connect-import',
      /this reads a single instance; name it with --instance-id/,
    ],
    [`users ${id} --output connect-import --query Id`, /leave --query out/],
    [`changes ${id} --since x --output connect-import`, /--output.*table, ndjson/],
    [`users ${id} --failed a.ndjson`, /--failed needs --details or --fields/],
    [`users ${id} --only a.ndjson`, /--only needs --details or --fields/],
    [`users ${id} --details --max-failures 5`, /--max-failures needs --failed FILE/],
    [`users ${id} --details --failed a --max-failures 101%`, /--max-failures.*such as 1%/],
    [`users ${id} --details --failed a --max-failures 1.5`, /--max-failures.*whole number/],
    [`users ${id} --details --failed -`, /--failed needs a regular file, but - is not one/],
    [`users ${id} --details --failed a.csv --out ./a.csv`, /--out and --failed name the same file/],
    [`users ${id} --details --only a.csv --out ./a.csv`, /--only and --out name the same file/],
    [
      `users ${id} --details --only nope.ndjson`,
      /--only: nope\.ndjson does not exist; name a file that --failed/,
    ],
    [`users ${id} --details --only spec`, /--only: spec is a folder; name a file that --failed wrote/],
    [`users ${id} --modified-since yesterday`, /--modified-since.*such as 24h or 7d/],
    [`users ${id} --modified-since 2026-02-30`, /--modified-since/],
    [`users ${id} --modified-since 2999-01-01`, /--modified-since.*in the future/],
    [`users ${id} --query [?a`, /--query is not valid JMESPath at character 4/],
    [`users ${id} --starting-token x`, /unknown option '--starting-token'.*--out/],
    [`users ${id} --no-paginate`, /unknown option '--no-paginate'.*--max-items/],
    [`users ${id} --cli-input-json {}`, /unknown option '--cli-input-json'.*--instance-id/],
    [`users ${id} --no-cli-pager`, /unknown option '--no-cli-pager'.*leave it out/],
    [`users ${id} --debug`, /unknown option '--debug'.*standard error/],
    [`users ${id} --max-results 10`, /unknown option '--max-results'.*--page-size/],
    [`users ${id} --no-verify-ssl`, /unknown option '--no-verify-ssl'.*NODE_EXTRA_CA_CERTS/],
    ['changes --instance-id x', /--since/],
    ['changes --instance-id x --since nosuch.snapshot', /nosuch.snapshot.*--update/],
    [`changes ${id} --since spec`, /--since: spec is a folder; name a file/],
    [`changes ${id} --since spec --update`, /--since: spec is a folder; name a file/],
    ['changes --since x', /--instance-id/],
    [`changes ${id} --since x --allow-removals`, /--allow-removals needs --update/],
    [`changes ${id} --since x --columns type,Usernam`, /did you mean Username\?/],
    [`changes ${id} --since x.csv --out ./x.csv`, /same file/],
    ['verify', /missing required argument 'receipt'/],
    ['verify a b c', /too many arguments.*; see pageturn verify --help/],
    ['verify nope.json', /the receipt nope\.json does not exist; check its name/],
    ['verify spec', /the receipt spec is a folder/],
    ['verify package.json nope.csv', /the file nope\.csv does not exist/],
  ])('pageturn %s exits with 2 and one line that names the mistake', async (args, named) => {
    const { code, stdout, stderr } = await runCli(args === '' ? [] : args.split(' '));
    expect(stderr).toMatch(/^pageturn: .+\n$/);
    expect(stderr).toMatch(named);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('an argument with escape codes', () => {
  const code = '\x1b[2J\x1b]0;x\x07\x9b31m\x7f\u202e';
  const id = ['--instance-id', 'x'];
  it.each<[string, string[]]>([
    ['a command', [code]],
    ['a command to explain', ['help', code]],
    ['an option', ['users', `--${code}`]],
    ['an option of one letter', ['users', `-${code}`]],
    ['an argument', ['users', ...id, code]],
    ['a format', ['users', ...id, '--output', code]],
    ['a number', ['users', ...id, '--max-items', code]],
    ['a URL', ['users', ...id, '--endpoint-url', code]],
    ['the name of a checkpoint', ['users', ...id, '--resume', code, '--out', code]],
    ['a column', ['users', ...id, '--columns', code]],
    ['an expression', ['users', ...id, '--query', code]],
    ['a receipt', ['verify', code]],
    ['the name of a folder', ['users', ...id, '--out', `/nope/${code}/x.csv`]],
    ['the name of a snapshot', ['changes', ...id, '--since', code]],
    ['a profile', ['users', ...id, '--profile', code, '--region', 'eu-central-1']],
    ['a region', ['users', ...id, '--region', code]],
    ['an instance', ['users', '--instance-id', `arn:${code}`]],
  ])('an argument with escape codes is not echoed where it is %s', async (_what, args) => {
    const { code: exitCode, stdout, stderr } = await runCli(args);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/\n$/);
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });
});

describe('an argument of 50,000 characters', () => {
  const long = 'x'.repeat(50_000);
  const words = 'x y '.repeat(12_500);
  const id = ['--instance-id', 'x', '--endpoint-url', 'http://127.0.0.1:9'];
  it.each<[string, string[]]>([
    ['a command', [long]],
    ['a command to explain', ['help', words]],
    ['an option', ['users', `--${long}`]],
    ['an option with a value', ['users', `--fields=${words}`]],
    ['an argument too many', ['users', ...id, words]],
    ['a user name', ['find', long, ...id]],
    ['a user name with spaces', ['find', words, ...id]],
    ['an operation', ['list', long, ...id]],
    ['an input', ['list', 'queues', ...id, '--input', words]],
    ['a member of the input', ['list', 'queues', ...id, '--input', `{"${words}":1}`]],
    ['a format', ['users', ...id, '--output', words]],
    ['a name without a format', ['users', ...id, '--out', words]],
    ['a column', ['users', ...id, '--columns', words]],
    ['a field', ['users', ...id, '--fields', long]],
    ['an expression', ['users', ...id, '--query', long.slice(0, 2_000)]],
    ['a Region', ['users', ...id, '--region', words]],
    ['an instance', ['users', '--instance-id', long]],
    ['an ARN', ['users', '--instance-id', `arn:${long}`]],
    ['a side of a comparison', ['diff', words, 'b']],
    ['a file to compare', ['diff', `./${words}.csv`, 'b']],
    ['a key', ['diff', 'a', 'b', '--key', long, '--sandbox', '5']],
    ['the headings', ['diff', 'a', 'b', '--headings', words]],
    ['a receipt', ['verify', words]],
    ['a snapshot', ['changes', ...id, '--since', long]],
    ['failed users', ['users', ...id, '--details', '--only', words]],
    ['a checkpoint', ['users', ...id, '--resume', words, '--out', 'x.csv']],
    ['a profile', ['users', ...id, '--profile', words, '--region', 'eu-central-1']],
    ['the name of a run', ['enqueue', ...id.slice(0, 2), '--out', 'x.csv', '--run', words]],
    ['a pattern', ['users', '--sandbox', '1', '--filter', words, '--out', '/dev/null']],
  ])(
    'an argument of 50,000 characters is cut in the one line about it where it is %s',
    async (_what, args) => {
      const { code, stderr } = await runCli(args);
      expect(stderr.length).toBeLessThan(1100);
      expect(stderr).toMatch(/\n$/);
      if (!args.includes('--sandbox')) expect(code).not.toBe(0);
    },
  );
});

describe('a missing folder', () => {
  it.each([
    ['users --out', '/nope/a.csv'],
    ['users --out users.csv --receipt', '/nope/a.json'],
    ['changes --update --since', '/nope/a'],
    ['changes --since a --out', '/nope/a.csv'],
  ])('pageturn %s names a folder that does not exist', async (options, path) => {
    const { code, stderr } = await runCli([...options.split(' '), path, '--instance-id', 'x']);
    expect(stderr).toMatch(
      /^pageturn: cannot (open|take|lock|write) .*\/nope\/a.*: .*\/nope.* create it first\n$/,
    );
    expect(stderr).not.toMatch(/ENOENT|which is unchanged/);
    expect(code).toBe(1);
  });
});
