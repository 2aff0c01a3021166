"""The openai package, majors 2 and 3."""

import json

import openai

from shapes import WEATHER, Trip
from steps import expect, expect_sum


def messages(ask):
    return [{"role": "user", "content": ask.text}]


class Client:
    name = "openai"
    version = openai.__version__
    exceptions = {}

    def api(self, ask):
        return openai.OpenAI(base_url=ask.base_url, api_key=ask.key, default_headers=ask.headers, timeout=30)

    def chat(self, ask):
        answer = self.api(ask).chat.completions.with_raw_response.create(model=ask.model, messages=messages(ask))
        for header in ("x-request-id", "x-charter-revision", "x-charter-decision"):
            expect(answer.headers.get(header), f"answered without {header}")
        chat = answer.parse()
        expect(chat._request_id == answer.headers["x-request-id"], f"request id {chat._request_id}")
        if ask.headers.get("x-simulate-oddity") != "no-usage":
            expect_sum(chat.usage)
        return chat.choices[0].message.content

    def stream(self, ask, with_usage):
        options = {"stream_options": {"include_usage": True}} if with_usage else {}
        text, finish, usages = "", None, []
        for chunk in self.api(ask).chat.completions.create(model=ask.model, messages=messages(ask), stream=True, **options):
            for choice in chunk.choices:
                text += choice.delta.content or ""
                finish = choice.finish_reason or finish
            if chunk.usage:
                expect(not chunk.choices, "usage came with choices")
                expect_sum(chunk.usage)
                usages.append(chunk.usage.completion_tokens)
        expect(finish == "stop", f"ended with {finish!r} after {text!r}")
        expect(len(usages) <= 1, f"{len(usages)} chunks with usage")
        # The helper adds up chunks, and is stricter than whoever reads them one by one.
        with self.api(ask).chat.completions.stream(model=ask.model, messages=messages(ask), **options) as events:
            added = events.get_final_completion()
        expect(added.choices[0].message.content == text, f"the helper read {added.choices[0].message.content!r}")
        return text, usages[0] if usages else None

    def tool_call(self, ask):
        answer = self.api(ask).chat.completions.create(model=ask.model, messages=messages(ask), tools=[WEATHER])
        choice = answer.choices[0]
        expect(choice.finish_reason == "tool_calls", f"ended with {choice.finish_reason!r}")
        call = choice.message.tool_calls[0]
        return call.function.name, json.loads(call.function.arguments)

    def tool_call_streamed(self, ask):
        strict = {**WEATHER, "function": {**WEATHER["function"], "strict": True}}
        with self.api(ask).chat.completions.stream(model=ask.model, messages=messages(ask), tools=[strict]) as events:
            call = events.get_final_completion().choices[0].message.tool_calls[0]
        return call.function.name, json.loads(call.function.arguments)

    def structured(self, ask):
        answer = self.api(ask).chat.completions.parse(model=ask.model, messages=messages(ask), response_format=Trip)
        return answer.choices[0].message.parsed

    def embed(self, ask, texts):
        vectors = self.api(ask).embeddings.create(model=ask.model, input=texts)
        expect([item.index for item in vectors.data] == [0, 1], "the vectors are out of order")
        expect(vectors.usage.prompt_tokens > 0, f"usage {vectors.usage}")
        return [item.embedding for item in vectors.data]

    def moderate(self, ask, texts):
        return [result.flagged for result in self.api(ask).moderations.create(model=ask.model, input=texts).results]

    def draw(self, ask, count):
        images = self.api(ask).images.generate(model=ask.model, prompt=ask.text, n=count)
        expect(images.usage and images.usage.output_tokens > 0, f"usage {images.usage}")
        return [image.b64_json for image in images.data]

    def redraw(self, ask, picture):
        return self.api(ask).images.edit(model=ask.model, prompt=ask.text, image=[("a.png", picture), ("b.png", picture)]).data[0].b64_json

    def speak(self, ask):
        with self.api(ask).audio.speech.with_streaming_response.create(model=ask.model, voice="alloy", input=ask.text) as answer:
            expect(answer.headers.get("content-type") == "audio/mpeg", f"{answer.headers}")
            return b"".join(answer.iter_bytes())

    def transcribe(self, ask, sound):
        audio = self.api(ask).audio.transcriptions
        whole = audio.create(model=ask.model, file=("speech.wav", sound))
        expect(whole.usage.type == "tokens" and whole.usage.output_tokens > 0, f"usage {whole.usage}")
        done = [event for event in audio.create(model=ask.model, file=("speech.wav", sound), stream=True) if event.type == "transcript.text.done"]
        expect([event.text for event in done] == [whole.text], f"streamed {done}, whole {whole.text!r}")
        plain = audio.create(model=ask.model, file=("speech.wav", sound), response_format="text")
        expect(plain.strip() == whole.text, f"plain {plain!r}")
        return whole.text

    def models(self, ask):
        expect(self.api(ask).models.retrieve(ask.model).id == ask.model, "a model by its name is another one")
        return {model.id for model in self.api(ask).models.list()}

    def cause(self, error):
        return error
