import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

it('only the rooms of AWS services and the CLI load an AWS client, so every other entry point runs without one', () => {
  // The build, because types are erased there.
  const dist = resolve(import.meta.dirname, '../../dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  const loading = files.filter((file) =>
    /(?:\bfrom|\bimport\(|^import)\s*["']@aws-sdk\//m.test(readFileSync(join(dist, file), 'utf8')),
  );
  const rooms = new Set(loading.map((file) => file.split(/[/.]/)[0]));
  expect([...rooms].sort()).toEqual(['cli', 'connect', 'dynamodb', 's3']);
});
