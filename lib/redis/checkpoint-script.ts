import { script } from './script.js';

/**
 * How long the fencing token of a key without a position is kept. A later lock starts from the time of the server, which is
 * higher.
 */
const FENCE_KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * A position and its lock. KEYS[1] is a hash with `cursor`, `fence`, and while it is locked `holder`, `heldBy` and `expiresAt`;
 * ARGV[1] is a request as JSON, `{ action, holder, heldBy, fence, leaseMs, cursor }`. The time is the server's.
 *
 * Replies with `{ 1, value }` if the action took effect: the position for `load`, the fencing token for `lock`. Otherwise with
 * `{ 0, who holds the lock, for how many milliseconds }`.
 */
export const CHECKPOINT_SCRIPT = script(`
local request = cjson.decode(ARGV[1])
local action = request.action
if action == 'load' then
  return { 1, redis.call('HGET', KEYS[1], 'cursor') }
end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'holder', 'heldBy', 'expiresAt', 'fence')
local holder, fence = kept[1], tonumber(kept[4] or 0)
local left = tonumber(kept[3] or 0) - now
local is_held = holder and left > 0
local is_ours = holder and holder == request.holder

if action == 'lock' then
  -- An answer that was lost is given again.
  if is_held and not is_ours then return { 0, kept[2], left } end
  if not is_ours then fence = math.max(fence + 1, now) end
  redis.call('HSET', KEYS[1], 'holder', request.holder, 'heldBy', request.heldBy,
    'expiresAt', string.format('%d', now + request.leaseMs), 'fence', string.format('%d', fence))
elseif request.holder then
  -- A lease that has expired still holds as long as no one else has taken it.
  if not is_ours or fence ~= request.fence then return { 0, kept[2], left } end
elseif is_held then
  return { 0, kept[2], left }
end

if action == 'save' then
  redis.call('HSET', KEYS[1], 'cursor', request.cursor)
elseif action == 'clear' then
  redis.call('HDEL', KEYS[1], 'cursor')
elseif action == 'renew' then
  redis.call('HSET', KEYS[1], 'expiresAt', string.format('%d', now + request.leaseMs))
elseif action == 'unlock' then
  redis.call('HDEL', KEYS[1], 'holder', 'heldBy', 'expiresAt')
end
if redis.call('HEXISTS', KEYS[1], 'cursor') == 1 then
  redis.call('PERSIST', KEYS[1])
else
  redis.call('PEXPIRE', KEYS[1], ${FENCE_KEPT_MS} + (request.leaseMs or 0))
end
return { 1, string.format('%d', fence) }
`);
