-- A chat request of 528 bytes, and one line of figures when the run is over.
local text = "You are the assistant of a shop. Answer in one sentence and name no prices. "
local body = '{"model":"upstream/gpt-4o-mini","temperature":0.2,"max_tokens":64,"messages":['
    .. '{"role":"system","content":"' .. text .. '"},'
    .. '{"role":"user","content":"' .. string.rep("What is a charter, and who grants it to whom? ", 6)
    .. '"}]}'
body = body .. string.rep(" ", 528 - #body)

wrk.method = "POST"
wrk.path = "/v1/chat/completions"
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer " .. os.getenv("BENCH_KEY")
wrk.body = body

function done(summary, latency)
    local errors = summary.errors
    io.stderr:write(string.format("%d %d %d %d %d\n",
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
