"""instructor, around the openai package."""

from typing import Iterable

import instructor
import openai
from importlib.metadata import version

from shapes import Trip


class Client:
    name = "instructor"
    version = version("instructor")
    exceptions = {}

    def plain(self, ask):
        return openai.OpenAI(base_url=ask.base_url, api_key=ask.key, default_headers=ask.headers, timeout=30)

    def api(self, ask, mode=instructor.Mode.TOOLS):
        return instructor.from_openai(self.plain(ask), mode=mode)

    def create(self, ask, mode=instructor.Mode.TOOLS, **options):
        return self.api(ask, mode).chat.completions.create(
            model=ask.model, messages=[{"role": "user", "content": ask.text}], **options)

    def chat(self, ask):
        trip, answer = self.api(ask).chat.completions.create_with_completion(
            model=ask.model, messages=[{"role": "user", "content": ask.text}], response_model=Trip)
        return f"{answer.choices[0].message.tool_calls[0].function.name} to {trip.city} for {trip.days} days"

    def stream(self, ask, with_usage):
        return NotImplemented

    def tool_call(self, ask):
        return NotImplemented

    def tool_call_streamed(self, ask):
        last = None
        for last in self.api(ask).chat.completions.create_partial(
            model=ask.model, messages=[{"role": "user", "content": ask.text}], response_model=Trip):
            pass
        return "weather", {"city": last.city, "days": last.days}

    def structured(self, ask):
        several = list(self.create(ask, response_model=Iterable[Trip], stream=True))
        if len(several) != 2:
            raise ValueError(f"{len(several)} of a list of two")
        return self.create(ask, instructor.Mode.JSON_SCHEMA, response_model=Trip)

    def embed(self, ask, texts):
        return NotImplemented

    def models(self, ask):
        return NotImplemented

    def cause(self, error):
        while not isinstance(error, openai.APIError) and error.__cause__ is not None:
            error = error.__cause__
        return error
