import { TUNING } from '../pace/learning-rate.js';

/**
 * The rate controls of `pace/` in Lua, on a state `s` that all processes share: `pace/learning-rate.ts` and
 * `pace/fixed-rate.ts` say why. Uses `s`, `quota`, `now`, and `correct` of the pace script.
 */
export const LEARNING_SCRIPT = `
local tuning = cjson.decode('${JSON.stringify(TUNING)}')

local function expected_rate()
  return math.max(s.rate, quota.rate)
end

local function length_of(requests)
  return 1000 * requests / expected_rate()
end

local function set_rate(rate)
  s.rate = math.min(quota.ceiling or math.huge, math.max(tuning.slowest * quota.rate, rate))
end

local function seconds_since_throttle(request)
  return (request.sentAt - (s.lastThrottleAt or 0)) / 1000
end

local function threshold(at)
  if not quota.learn then return 1 end
  local progress = math.max(0, at - s.cycleBeganAt) / s.cycleMs
  local margin = tuning.cushion - (tuning.cushion + tuning.probe) * progress ^ 2
  local wanted = 1 + math.max(margin, -tuning.probe)
  if s.rate < (quota.ceiling or math.huge) then return wanted end
  return math.max(1, wanted)
end

local function find_more(request, tokens)
  local rate = s.rate
  correct(tokens)
  s.surprisesInRow = 0
  s.found = s.found + tokens
  local seconds = tuning.memory / rate
  if s.found <= tuning.climbAfter then
    seconds = seconds_since_throttle(request) + tuning.memory / expected_rate()
  end
  set_rate(rate + tokens / seconds)
end

local function find_less(request, tokens)
  local rate = s.rate
  correct(-tokens)
  s.surprisesInRow = math.min(tuning.trend, s.surprisesInRow + 1)
  local seconds = seconds_since_throttle(request) + tuning.memory / (s.surprisesInRow * rate)
  set_rate(math.max(tuning.largestCut * rate, rate - tokens / seconds))
  s.cycleMs = length_of(tuning.surprisedCycle)
end

local function confirm()
  local longest = length_of(tuning.longCycle)
  s.cycleMs = s.lastThrottleAt and math.min(longest, tuning.growth * s.cycleMs) or longest
  s.surprisesInRow = 0
end

local function control_accepted(request)
  if not quota.learn then
    s.throttlesInRow = 0
  elseif request.believed < 1 then
    find_more(request, 1 - request.believed)
  end
end

local function control_throttled(request, resumes_at)
  if not quota.learn then
    local held = math.min(4, 2 ^ (s.throttlesInRow - 1))
    s.throttlesInRow = s.throttlesInRow + 1
    correct(math.min(0, 1 - held - request.believed))
    return
  end
  if request.believed > 1 then
    find_less(request, request.believed - 1)
  else
    confirm()
  end
  s.found = 0
  s.lastThrottleAt = resumes_at
  s.cycleBeganAt = resumes_at
end
`;
