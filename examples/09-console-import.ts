// Exports users in the template of the console, "Import users", reads the file back, and proves that nothing was lost:
// the file has what the instance has, and what was read from it gives the same file again.
// Run it: npx tsx examples/09-console-import.ts
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectClient } from '@aws-sdk/client-connect';
import { fromPages } from 'pageturn';
import { diff, userDetails } from 'pageturn/connect';
import { type ConnectImportRow, connectImport, file, readCsv } from 'pageturn/node';
import { startSandbox } from 'pageturn/sandbox';

const FIELDS = [
  ...['FirstName', 'LastName', 'HierarchyGroupName', 'RoutingProfileName', 'SecurityProfileNames'],
  ...['PhoneType', 'DeskPhoneNumber', 'PersistentConnection', 'VoiceEnhancementMode'],
];

await using sandbox = await startSandbox({ users: 800 });
const client = new ConnectClient(sandbox.clientConfig);
const instance = { client, InstanceId: sandbox.instanceId };

const folder = await mkdtemp(join(tmpdir(), 'pageturn-import-'));
try {
  // The template of an instance with SAML has no e-mail addresses, so SearchUsers has everything.
  const path = join(folder, 'import.csv');
  const format = connectImport({ directory: 'SAML' });
  const receipt = await userDetails(client, { InstanceId: sandbox.instanceId }).drainTo(
    file(path, { format }),
  );
  console.log(receipt.written, 'users in', receipt.requests, 'requests');

  // The console reads cells as they are, and so does this.
  const rows: ConnectImportRow[] = [];
  for await (const cells of readCsv(path, { escapeFormulas: false })) rows.push(userOf(cells));
  let differences = 0;
  for await (const one of diff(instance, rows, { fields: FIELDS })) {
    differences++;
    console.log(one);
  }
  console.log(rows.length, 'users read back,', differences, 'differences from the instance');

  const copy = join(folder, 'again.csv');
  await fromPages(async () => ({ items: rows, next: undefined })).drainTo(file(copy, { format }));
  const isSame = (await readFile(path)).equals(await readFile(copy));
  console.log(isSame ? 'written again, the file is the same' : 'written again, the file differs');
} finally {
  client.destroy();
  await rm(folder, { recursive: true });
}

/** A user as `connectImport` writes it, from the cells of a line. */
function userOf(cells: Readonly<Record<string, string>>): ConnectImportRow {
  const of = (heading: string) => cells[heading] || undefined;
  const audio = {
    none: 'NONE',
    'isolate voice': 'VOICE_ISOLATION',
    'suppress noise': 'NOISE_SUPPRESSION',
  } as const;
  return {
    Username: of('user login'),
    FirstName: of('first name'),
    LastName: of('last name'),
    HierarchyGroupName: of('agent hierarchy'),
    RoutingProfileName: of('routing profile name'),
    SecurityProfileNames: of('security_profile_name_1|security_profile_name_2')?.split('|'),
    PhoneType: of('phone type (soft/desk)') === 'desk' ? 'DESK_PHONE' : 'SOFT_PHONE',
    DeskPhoneNumber: of('phone number'),
    PersistentConnection: of('persistent connection') === 'yes',
    VoiceEnhancementMode:
      audio[of('audio enhancement(none/isolate voice/suppress noise)') as keyof typeof audio],
  };
}
