export { callbackError } from '../core/callback-error.js';
