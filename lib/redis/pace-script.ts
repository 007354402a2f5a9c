import { TUNING } from '../pace/learning-rate.js';
import { LEARNING_SCRIPT } from './learning-script.js';
import { script } from './script.js';

/**
 * How long a bucket is kept after its last request: a day and a half, so that a nightly run starts from what the last one
 * has learnt.
 */
const KEPT_MS = 36 * 60 * 60 * 1000;

/**
 * How long the place of a process in the queue outlives its turn. A process that died in the queue keeps one token from the
 * others for that long; one that was busy for longer queues up behind them.
 */
const GRACE_MS = 2_000;

/** The longest time between two questions of a waiting process: the quota may have risen, or others may have left. */
const LONGEST_POLL_MS = 30_000;

/**
 * The same while the rate climbs, because the quota turned out to be higher. Without it, ten processes that wait behind one
 * another for turns at the old rate take 1.57 of the bound for 600 pages at five times the configured rate, with it 1.24.
 */
const CLIMBING_POLL_MS = 500;

/**
 * One bucket of requests for all processes: `pace/quota-model.ts` and `pace/token-bucket-estimate.ts` in Lua, with a queue of
 * the processes that wait. KEYS[1] holds the state; ARGV[1] is a request, `{ quota, known, settled, ask, next, isAwaited, leave }`,
 * as JSON. A process that asks is granted a permit, or a place in the queue and the time after which to ask again; with a permit
 * it gets its `next` place, so that it need not ask for that. Asking twice has no other effect than asking once.
 *
 * Replies with an array: granted (0 or 1), how long to wait, the epoch of the state, the rate, for how long the service
 * asked everyone to wait, and of a permit: when it was granted, the tokens that were believed to be there, and the sum of all
 * corrections. The wait of a permit is that of the next place; 0 means that none was taken. Durations are in milliseconds. The time is the server's; one that is set back counts as standing still.
 */
export const PACE_SCRIPT = script(`
local request = cjson.decode(ARGV[1])
local quota = request.quota
local clock = redis.call('TIME')
local wall = clock[1] * 1000 + clock[2] / 1000
local capacity = quota.learn and math.max(quota.burst, 1 + ${TUNING.cushion}) or quota.burst

local s
local packed = redis.call('GET', KEYS[1])
if packed then
  local is_read, state = pcall(cmsgpack.unpack, packed)
  if not is_read or type(state) ~= 'table' or state.version ~= 1 then
    return redis.error_reply('WRONGTYPE the key does not hold a bucket of pageturn')
  end
  s = state
else
  s = {
    version = 1, epoch = clock[1] .. '.' .. clock[2], seenAt = wall, now = 0, at = 0,
    -- A process that has sent requests already has emptied the bucket of a state that was lost.
    level = request.known and 0 or quota.burst,
    rate = request.known or quota.rate,
    sent = {}, waiting = {}, corrected = 0, blockedUntil = 0,
    cycleBeganAt = 0, surprisesInRow = 0, found = 0, throttlesInRow = 0,
  }
  s.cycleMs = 1000 * ${TUNING.firstCycle} / math.max(s.rate, quota.rate)
end
if wall > s.seenAt then s.now = s.now + wall - s.seenAt end
s.seenAt = wall
local now = s.now
-- The rate before this request applied to the time before it.
local function refill(at)
  if at <= s.at then return end
  s.level = math.max(s.level, math.min(capacity, s.level + s.rate * (at - s.at) / 1000))
  s.at = at
end
while s.sent[1] and s.sent[1].spentBy <= now do
  refill(s.sent[1].spentBy)
  table.remove(s.sent, 1)
  s.level = s.level - 1
end
refill(now)
if not quota.learn then s.rate = quota.rate end
s.level = math.min(s.level, capacity)

local function correct(tokens)
  s.corrected = s.corrected + tokens
  s.level = math.min(capacity, s.level + tokens)
end
${LEARNING_SCRIPT}
local function position(list, id)
  for i = 1, #list do
    if list[i].id == id then return i end
  end
end

local function take(list, id)
  local i = position(list, id)
  return i and table.remove(list, i)
end

local function settle(outcome)
  local is_ours = outcome.epoch == s.epoch
  local was_sent = is_ours and take(s.sent, outcome.id)
  if outcome.kind ~= 'throttled' then
    if was_sent then s.level = s.level - 1 end
    if not is_ours or outcome.kind == 'lost' then return end
    if outcome.sentAt >= (s.throttledAt or 0) then
      outcome.believed = outcome.believed + s.corrected - outcome.corrected
      control_accepted(outcome)
    end
    return
  end
  if not is_ours then
    -- The state was lost after this request: it says that the bucket is empty, and no more.
    outcome.sentAt, outcome.believed, outcome.corrected = now, s.level - #s.sent, s.corrected
  elseif not was_sent and not outcome.again then
    s.level = math.min(capacity, s.level + 1)
  end
  local blocks = (outcome.retryAfterMs or 0) > 0
  if blocks then s.blockedUntil = math.max(s.blockedUntil, now + outcome.retryAfterMs) end
  if outcome.sentAt >= (s.throttledAt or 0) then
    s.throttledAt = now
    outcome.believed = outcome.believed + s.corrected - outcome.corrected
    control_throttled(outcome, math.max(now, s.blockedUntil))
  end
  if blocks then s.level = math.min(s.level, 1 - s.rate * (s.blockedUntil - now) / 1000) end
end
for _, outcome in ipairs(request.settled) do settle(outcome) end

for i = #s.waiting, 1, -1 do
  if s.waiting[i]['until'] < now then table.remove(s.waiting, i) end
end
if request.leave then
  take(s.waiting, request.leave)
  take(s.sent, request.leave)
end

-- When there is a token for a process with so many others ahead of it.
local function ready_at(ahead)
  local available = s.level - #s.sent - ahead
  local function filled_at(wanted)
    local missing = wanted - available
    if missing <= 1e-9 then return now end
    local at = now + 1000 * missing / s.rate
    -- A full bucket takes nothing in until a token in flight counts as spent.
    if ahead == 0 and s.sent[1] and s.level + missing > capacity then
      at = math.min(at, math.max(s.sent[1].spentBy, now + 1))
    end
    return at
  end
  local before, after = now, filled_at(threshold(now))
  while after - before > 0.01 do
    local middle = (before + after) / 2
    if filled_at(threshold(middle)) <= middle then after = middle else before = middle end
  end
  return math.max(after, s.blockedUntil)
end

-- Half of the room that the burst leaves, at most a second.
local function longest_reserve()
  return math.min(1000, 1000 * math.max(0.1, (quota.burst - 1) / 2) / s.rate)
end

local climbs = quota.learn and s.found > tuning.climbAfter
local longest_wait = climbs and ${CLIMBING_POLL_MS} or ${LONGEST_POLL_MS}

local granted, wait_ms, permit = 0, 0, nil
if request.ask then
  local sent_at = position(s.sent, request.ask)
  local place = position(s.waiting, request.ask)
  local ahead = (place or #s.waiting + 1) - 1
  wait_ms = sent_at and 0 or math.max(0, ready_at(ahead) - now)
  if sent_at then
    granted, permit = 1, s.sent[sent_at]
  elseif wait_ms == 0 then
    take(s.waiting, request.ask)
    local believed = s.level - #s.sent - ahead
    granted = 1
    permit = {
      id = request.ask, sentAt = now, believed = believed, corrected = s.corrected,
      spentBy = now + longest_reserve(),
    }
    -- While the bucket fills up at rest, nothing can be learnt.
    if believed >= threshold(now) + 1 then s.cycleBeganAt = now end
    table.insert(s.sent, permit)
  else
    wait_ms = math.min(wait_ms, longest_wait)
    if not place then
      table.insert(s.waiting, { id = request.ask })
      place = #s.waiting
    end
    s.waiting[place]['until'] = now + wait_ms + ${GRACE_MS}
  end
  -- Before the first throttle, and while the rate climbs, no outcome may wait for the turn of the next place.
  if granted == 1 and request.next and (not quota.learn or s.lastThrottleAt and not climbs) then
    local next_place = position(s.waiting, request.next)
    wait_ms = math.min(ready_at((next_place or #s.waiting + 1) - 1) - now, longest_wait)
    if wait_ms > 0 and not next_place then
      -- Behind a place that no request takes, the others wait for one token longer, and no more than that.
      local grace = request.isAwaited and ${GRACE_MS} or math.min(${GRACE_MS}, 1000 / s.rate)
      table.insert(s.waiting, { id = request.next, ['until'] = now + wait_ms + grace })
    end
  end
end

redis.call('SET', KEYS[1], cmsgpack.pack(s), 'PX', ${KEPT_MS})
local reply = { granted, wait_ms, s.epoch, s.rate, math.max(0, s.blockedUntil - now) }
if permit then
  table.insert(reply, permit.sentAt)
  table.insert(reply, permit.believed)
  table.insert(reply, permit.corrected)
end
-- Redis cuts numbers off after the point.
for i = 1, #reply do
  if type(reply[i]) == 'number' then reply[i] = string.format('%.17g', reply[i]) end
end
return reply
`);
