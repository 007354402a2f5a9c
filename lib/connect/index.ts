export { type ListUsersInput, listUsers } from './list-users.js';
