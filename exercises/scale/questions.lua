-- The questions that wrk asks the look-up, from a file with the body of one request a line, in turn, with the token in a
-- second file; and what it
-- measured, as one line of JSON. It must not look at answers: wrk itself counts those with another status than 2xx or 3xx.

local requests = {}
local asked = 0

function init(args)
  local headers = {
    ['Content-Type'] = 'application/json',
    ['Authorization'] = 'Bearer ' .. io.lines(args[2])(),
  }
  for body in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format('POST', '/v1/recognitions', headers, body)
  end
end

function request()
  asked = asked + 1
  return requests[asked % #requests + 1]
end

function done(summary, latency, _)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"answered":%d,"failed":%d,"tookUs":%d,"p50Us":%d,"p99Us":%d}\n',
    summary.requests, failed, summary.duration, latency:percentile(50), latency:percentile(99)
  ))
end
