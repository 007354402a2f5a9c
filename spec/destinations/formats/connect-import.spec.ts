import { expect, it } from 'vitest';
import {
  type ConnectImportOptions,
  type ConnectImportRow,
  connectImport,
  type Format,
} from '../../../lib/destinations/formats/index.js';
import { encoded } from './encoded.js';

const USER: ConnectImportRow = {
  Username: 'rroe@example.com',
  FirstName: 'Richard',
  LastName: 'Roe, Jr.',
  Email: 'rroe@example.com',
  SecondaryEmail: 'roe@example.org',
  Mobile: '+12145550198',
  Password: 'pa"ss',
  HierarchyGroupName: 'Eastern',
  RoutingProfileName: 'Basic Routing Profile',
  SecurityProfileNames: ['Agent', 'CallCenterManager'],
  PhoneType: 'DESK_PHONE',
  DeskPhoneNumber: '+12145550199',
  AutoAccept: false,
  AfterContactWorkTimeLimit: 0,
  PersistentConnection: true,
  VoiceEnhancementMode: 'VOICE_ISOLATION',
};

const importOf = (directory: ConnectImportOptions['directory'], ...rows: readonly unknown[]) =>
  encoded(connectImport({ directory }) as Format<unknown>, rows);

it('the template of SAML has the columns of the administrator guide, in their order', async () => {
  expect(await importOf('SAML', USER)).toBe(
    [
      'first name,last name,user login,agent hierarchy,routing profile name,security_profile_name_1|security_profile_name_2,user_hierarchy_1|user_hierarchy_2,phone type (soft/desk),phone number,tags,persistent connection,audio enhancement(none/isolate voice/suppress noise)',
      'Richard,"Roe, Jr.",rroe@example.com,Eastern,Basic Routing Profile,Agent|CallCenterManager,,desk,+12145550199,,yes,isolate voice',
      '',
    ].join('\n'),
  );
});

it('the template of CONNECT_MANAGED also has addresses, a password and the contact handling', async () => {
  expect(await importOf('CONNECT_MANAGED', USER)).toBe(
    [
      'first name,last name,email address,secondary email address,mobile,password,user login,agent hierarchy,routing profile name,security_profile_name_1|security_profile_name_2,user_hierarchy_1|user_hierarchy_2,phone type (soft/desk),phone number,soft phone auto accept (yes/no),ACW timeout (seconds),tags',
      'Richard,"Roe, Jr.",rroe@example.com,roe@example.org,+12145550198,"pa""ss",rroe@example.com,Eastern,Basic Routing Profile,Agent|CallCenterManager,,desk,+12145550199,no,0,',
      '',
    ].join('\n'),
  );
});

it('what a user does not have is a blank cell of the template', async () => {
  const rows = [
    { Username: 'a', Unknown: 1 },
    { Username: 'b', SecurityProfileNames: [], FirstName: null },
  ];
  const [, ...users] = (await importOf('SAML', ...rows)).trimEnd().split('\n');
  expect(users).toEqual(['a', 'b'].map((name) => `,,${name}${','.repeat(9)}`));
  expect((await importOf('SAML')).split('\n')).toHaveLength(2);
});

it('a user who lacks what the console needs is reported with the columns, and still written', async () => {
  const told: unknown[] = [];
  const format = connectImport({
    directory: 'CONNECT_MANAGED',
    onIncomplete: ({ Id }, columns) => told.push([Id, ...columns]),
  });
  const security = 'security_profile_name_1|security_profile_name_2';
  const rows: ConnectImportRow[] = [
    { ...USER, Id: 'whole', HierarchyGroupId: 'g', SecurityProfileIds: ['s', 't'] },
    { ...USER, Id: 'no profile', RoutingProfileName: undefined },
    { ...USER, Id: 'empty', Username: '', FirstName: '', LastName: undefined, SecurityProfileNames: [] },
    { ...USER, Id: 'id as a name', SecurityProfileNames: ['Agent', 's'], SecurityProfileIds: ['a', 's'] },
    { ...USER, Id: 'group', HierarchyGroupName: undefined, HierarchyGroupId: 'g' },
    { ...USER, Id: 'no group', HierarchyGroupName: undefined, Email: undefined, Password: undefined },
    { ...USER, Id: 'desk', DeskPhoneNumber: undefined },
    { ...USER, Id: 'soft', DeskPhoneNumber: undefined, PhoneType: 'SOFT_PHONE' },
    { ...USER, Id: 'no phone', DeskPhoneNumber: undefined, PhoneType: undefined },
  ];
  const text = await encoded(format as Format<unknown>, rows);
  expect(told).toEqual([
    ['no profile', 'routing profile name'],
    ['empty', 'first name', 'last name', 'user login', security],
    ['id as a name', security],
    ['group', 'agent hierarchy'],
    ['desk', 'phone number'],
    ['no phone', 'phone type (soft/desk)'],
  ]);
  expect(text.trimEnd().split('\n')).toHaveLength(rows.length + 1);
});

it('a name that looks like a formula is imported as it is', async () => {
  const text = await importOf('SAML', { FirstName: '=cmd', LastName: '-Roe', Username: '@roe' });
  expect(text).toContain('\n=cmd,-Roe,@roe,');
});

it.each<[object, string, string]>([
  [
    { SecurityProfileNames: ['Agent', 'A|B'] },
    'security_profile_name_1|security_profile_name_2',
    'contains |',
  ],
  [{ SecurityProfileNames: 'Agent' }, 'security_profile_name_1|security_profile_name_2', 'a list of names'],
  [{ SecurityProfileNames: [''] }, 'security_profile_name_1|security_profile_name_2', 'a list of names'],
  [{ PhoneType: 'MOBILE' }, 'phone type (soft/desk)', 'SOFT_PHONE or DESK_PHONE'],
  [{ PersistentConnection: 'no' }, 'persistent connection', 'true or false'],
  [{ RoutingProfileName: { Name: 'x' } }, 'routing profile name', 'RoutingProfileName must be a text'],
])('a user that the template cannot express is an error without the value: %j', async (user, column, why) => {
  const failed = await importOf('SAML', { Username: 'a' }, {}, user).catch((error: Error) => error);
  expect(failed).toMatchObject({ code: 'ERR_DESTINATION_FAILED' });
  expect(String(failed)).toContain(`row 3 does not fit the column "${column}" of the import template: `);
  expect(String(failed)).toContain(why);
  expect(String(failed)).not.toMatch(/A\|B|MOBILE/);
});

it.each<[unknown, string]>([
  [{}, "directory must be 'SAML' or 'CONNECT_MANAGED'"],
  [{ directory: 'EXISTING_DIRECTORY' }, "directory must be 'SAML' or 'CONNECT_MANAGED'"],
  [{ directory: 'SAML', header: false }, 'unknown option "header" in options of connectImport'],
])('connectImport refuses the options %j', (options, message) => {
  expect(() => connectImport(options as ConnectImportOptions)).toThrow(message);
});
