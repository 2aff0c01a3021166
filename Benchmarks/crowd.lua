-- The request of chat.lua, each by the next key of CROWD_SECRETS for the next of CROWD_MODELS models, and the same line of figures.
local secrets = {}
for line in io.lines(os.getenv("CROWD_SECRETS")) do secrets[#secrets + 1] = line end
local models = tonumber(os.getenv("CROWD_MODELS"))
local text = string.rep("What is a charter, and who grants it to whom? ", 8)
local turn = 0

function request()
    turn = turn + 1
    local model = "upstream/model-" .. turn % models
    local body = '{"model":"' .. model .. '","max_tokens":64,"messages":[{"role":"user","content":"' .. text .. '"}]}'
    local headers = { ["content-type"] = "application/json", ["authorization"] = "Bearer " .. secrets[turn % #secrets + 1] }
    return wrk.format("POST", "/v1/chat/completions", headers, body)
end

function done(summary, latency)
    local errors = summary.errors
    io.stderr:write(string.format("%d %d %d %d %d\n",
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
