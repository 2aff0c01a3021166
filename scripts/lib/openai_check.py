"""Everything that the openai package does through the gateway, one line for each."""

import math
import sys

import openai

base_url, key = sys.argv[1:]
client = openai.OpenAI(base_url=base_url, api_key=key, max_retries=0, timeout=30)
question = [{"role": "user", "content": "Say in a few words what a charter is"}]


def expect(condition, what):
    if not condition:
        sys.exit(f"openai {openai.__version__}: {what}")


def passed(what):
    print(f"openai {openai.__version__}: {what}", flush=True)


answer = client.chat.completions.with_raw_response.create(model="assistant", messages=question)
for header in ("x-request-id", "x-charter-revision", "x-charter-decision"):
    expect(answer.headers.get(header), f"chat answered without {header}")
chat = answer.parse()
expect(chat.choices[0].message.content, "chat answered without content")
expect(chat.usage.total_tokens == chat.usage.prompt_tokens + chat.usage.completion_tokens > 0, f"chat usage {chat.usage}")
passed("chat")


def stream(**options):
    """The text, the last finish reason, and the chunks that carry usage."""
    text, finish, usages = "", None, []
    for chunk in client.chat.completions.create(model="assistant", messages=question, stream=True, **options):
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
        if chunk.usage:
            usages.append(chunk)
    return text, finish, usages


text, finish, usages = stream()
expect(text and finish == "stop", f"stream ended with {finish!r} after {text!r}")
expect(not usages, "stream carried usage that was not asked for")
passed("stream without usage")

text, finish, usages = stream(stream_options={"include_usage": True})
expect(text and finish == "stop", f"stream with usage ended with {finish!r} after {text!r}")
expect(len(usages) == 1 and not usages[0].choices, f"stream carried {len(usages)} chunks with usage")
expect(usages[0].usage.completion_tokens > 0, f"stream usage {usages[0].usage}")
passed("stream with usage")

vectors = client.embeddings.create(model="openai/text-embedding-3-small", input=["a charter", "a gateway"])
expect(len(vectors.data) == 2 and [item.index for item in vectors.data] == [0, 1], "embeddings are not the two asked for")
for item in vectors.data:
    length = math.sqrt(sum(x * x for x in item.embedding))
    expect(abs(length - 1) < 1e-3, f"an embedding of length {length}")
expect(vectors.usage.prompt_tokens > 0, f"embeddings usage {vectors.usage}")
passed("embeddings")

names = {model.id for model in client.models.list()}
expect("assistant" in names, f"models are {sorted(names)}")
expect("openai/o3-pro" not in names, "models list one that the key may not use")
expect(client.models.retrieve("assistant").id == "assistant", "models/assistant is another model")
passed("models")

try:
    client.chat.completions.create(model="openai/o3-pro", messages=question)
    sys.exit("openai/o3-pro was not refused")
except openai.PermissionDeniedError as refusal:
    expect(refusal.code == "model_not_allowed", f"refused with code {refusal.code!r}")
    expect("checkout" in str(refusal.body), f"refused without the rule: {refusal.body}")
    passed(f"refusal: {refusal.body['message']}")

try:
    openai.OpenAI(base_url=base_url, api_key="sk-charter-wrong", max_retries=0).models.list()
    sys.exit("a wrong key was not refused")
except openai.AuthenticationError as refusal:
    expect(refusal.code == "invalid_api_key", f"a wrong key was refused with code {refusal.code!r}")
    passed(f"wrong key: {refusal.body['message']}")
