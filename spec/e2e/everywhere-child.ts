// A separate process for the specs: `everywhere-child.ts <endpoint> <path>`. Drains the users of all instances of two
// Regions into a file, prints each total, and stands still where it is to be killed. Prints the receipt at the end.

import { ConnectClient } from '@aws-sdk/client-connect';
import { everywhere, listUsers } from 'pageturn/connect';
import { csv, file } from 'pageturn/node';
import { printTotals } from '../support/print-totals.js';

const [endpoint = '', path = ''] = process.argv.slice(2);
const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
const clients = ['eu-west-1', 'us-east-1'].map(
  (region) => new ConnectClient({ endpoint, region, credentials }),
);
const users = everywhere({
  clients,
  list: (client, { InstanceId }) => listUsers(client, { InstanceId }, { pace: false, pageSize: 25 }),
});
const columns = ['InstanceId', 'Id', 'Username'] as const;
const receipt = await users.drainTo(file(path, { format: csv({ columns }) }), {
  batch: 20,
  onProgress: printTotals(),
});
console.log(JSON.stringify(receipt));
