-- For wrk: counts responses other than 200 (wrk counts redirects as successes), and prints a last line
-- of JSON; p50 and p99 are in milliseconds.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  others = 0
end

function response(status)
  if status ~= 200 then
    others = others + 1
  end
end

function done(summary, latency)
  local count = 0
  for _, thread in ipairs(threads) do
    count = count + thread:get("others")
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "not_200": %d, "connect": %d, "read": %d, "write": %d, "timeout": %d, "p50": %.3f, "p99": %.3f}\n',
    summary.requests, summary.duration / 1e6, count, errors.connect, errors.read, errors.write, errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3
  ))
end
