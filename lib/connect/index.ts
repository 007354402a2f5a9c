export type { ConnectOperation } from './connect-operation.js';
export { type FindUserOptions, findUser } from './find-user.js';
export { instances } from './instances.js';
export { list } from './list.js';
export { type ListUsersInput, listUsers } from './list-users.js';
export { operations } from './operations.js';
export { type NamedUser, UsernameIndex, usernameIndex } from './username-index.js';
