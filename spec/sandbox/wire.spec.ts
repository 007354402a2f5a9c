import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { sandboxFor } from '../support/sandbox-for.js';
import { start } from './client.js';

it('responses use the wire format: JSON, epoch seconds and a request id', async () => {
  const { sandbox, InstanceId } = await start();
  const response = await fetch(`${sandbox.endpoint}/users-summary/${InstanceId}?maxResults=3`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  const body = JSON.parse(await response.text());
  const [first] = sandbox.directory.users();
  expect(Object.keys(body)).toEqual(['UserSummaryList', 'NextToken']);
  expect(body.UserSummaryList[0]).toEqual({
    ...first,
    LastModifiedTime: Number(first?.LastModifiedTime) / 1000,
  });
  expect(body.NextToken).toMatch(/^[\w-]+$/);
});

it('the last page omits the token', async () => {
  const { sandbox, InstanceId } = await start({ users: 3 });
  const response = await fetch(`${sandbox.endpoint}/users-summary/${InstanceId}`);
  expect(Object.keys(JSON.parse(await response.text()))).toEqual(['UserSummaryList']);
});

it('an error has its name in x-amzn-errortype and its text under Message', async () => {
  const { sandbox, InstanceId } = await start();
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(sandbox.endpoint + path, init);
    const { Message } = JSON.parse(await response.text());
    expect(Message).toEqual(expect.any(String));
    return [response.status, response.headers.get('x-amzn-errortype')];
  };
  expect(await ask('/users-summary/wrong')).toEqual([404, 'ResourceNotFoundException']);
  expect(await ask(`/users-summary/${'x'.repeat(101)}`)).toEqual([400, 'InvalidParameterException']);
  expect(await ask(`/users-summary/${InstanceId}?maxResults=many`)).toEqual([
    400,
    'InvalidParameterException',
  ]);
  expect(await ask(`/users-summary/${InstanceId}?maxResults=1.5`)).toEqual([
    400,
    'InvalidParameterException',
  ]);
  expect(await ask(`/users-summary/${InstanceId}?nextToken=x`)).toEqual([400, 'InvalidRequestException']);
  expect(await ask('/users-summary/%E0%A4%A')).toEqual([400, 'InvalidRequestException']);
  expect(await ask('/users-summary/')).toEqual([404, 'UnknownOperationException']);
  for (const path of ['/', '//', '/?', '//users-summary'])
    expect(await ask(path)).toEqual([404, 'UnknownOperationException']);
  expect(await ask(`/users-summary/${InstanceId}`, { method: 'POST', body: '{}' })).toEqual([
    404,
    'UnknownOperationException',
  ]);
  expect(await ask('/search-users', { method: 'POST', body: 'not JSON' })).toEqual([
    400,
    'SerializationException',
  ]);
  expect(await ask('/search-users', { method: 'POST', body: '{}' })).toEqual([
    400,
    'InvalidParameterException',
  ]);
});

it('requests that are sent before the answer to the one before them are all answered, in their order', async () => {
  const { endpoint, instanceId } = await sandboxFor({ users: 20 });
  const { port } = new URL(endpoint);
  const lines = (n: number) =>
    `GET /users-summary/${instanceId}?maxResults=${n} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;
  const sizes = Array.from({ length: 20 }, (_, n) => n + 1);
  const requests = sizes.map((n) => `${lines(n)}${n === 20 ? 'Connection: close\r\n' : ''}\r\n`);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(requests.join(''));
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  const bodies = answer.split('HTTP/1.1 200 OK').slice(1);
  expect(bodies.map((body) => body.match(/"Username"/g)?.length)).toEqual(sizes);
});
