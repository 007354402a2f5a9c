export type { ConnectOperation } from './connect-operation.js';
export { list } from './list.js';
export { type ListUsersInput, listUsers } from './list-users.js';
export { operations } from './operations.js';
