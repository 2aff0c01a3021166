"""What every client must manage through the gateway: one table, the same for all of them."""

import base64
import math
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field


# Of a message that a client makes of what went wrong.
ERROR_MAX = 600


class Failed(Exception):
    """What a client made of an answer is not what it should."""


def expect(condition, what):
    if not condition:
        raise Failed(what)


def code_of(error):
    """The stable code of a refusal: packages that make errors of their own keep the gateway's object as `body`."""
    body = getattr(error, "body", None)
    return getattr(error, "code", None) or (body.get("code") if isinstance(body, dict) else None)


def expect_sum(usage):
    """Of what the openai package read of a usage."""
    expect(usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0, f"told the usage {usage}")


@dataclass(frozen=True)
class Ask:
    """One question of a client: with which key, to which model, with which headers beside its own."""

    base_url: str
    key: str
    model: str
    text: str = "Say in a few words what a charter is"
    headers: dict = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Refused:
    """A request that is refused: by what, as which exception of the openai package, with which code, after how many requests, in which words."""

    name: str
    key: str
    model: str
    exception: str
    status: int
    code: str
    words: str | None
    requests: int = 1
    text: str = Ask.text
    headers: dict = field(default_factory=dict)
    streamed: bool = False


LONG = "word " * 400
# How many requests come at most of a client that tries these again whatever the headers say, by its own clock.
STUBBORN = {"llama-index": 3}
# Stands for the file that declares the key.
PLACE = None
REFUSALS = [
    Refused("a wrong key", "wrong", "assistant", "AuthenticationError", 401, "invalid_api_key", "key"),
    Refused("an expired key", "expired", "assistant", "AuthenticationError", 401, "invalid_api_key", PLACE),
    Refused("a key of another network", "elsewhere", "assistant", "PermissionDeniedError", 403, "network_denied", PLACE),
    Refused("a suspended key", "suspended", "assistant", "PermissionDeniedError", 403, "suspended", PLACE),
    Refused("a scope that the key lacks", "narrow", "assistant", "PermissionDeniedError", 403, "scope_denied", PLACE),
    Refused("a model that the key may not use", "full", "premium", "PermissionDeniedError", 403, "model_not_allowed", PLACE),
    Refused("a model that is none", "full", "misspelt", "NotFoundError", 404, "model_not_found", "did you mean"),
    Refused(
        "a text longer than the model's context", "full", "tiny", "BadRequestError", 400, "context_length_exceeded", "64", text=LONG),
    Refused("a budget that is spent", "spent", "assistant", "RateLimitError", 429, "insufficient_quota", PLACE),
    Refused("a month's limit that is reached", "quota", "assistant", "RateLimitError", 429, "insufficient_quota", PLACE),
    Refused(
        "a provider that fails", "full", "assistant", "InternalServerError", 502, "upstream_error", "provider",
        headers={"x-simulate-status": "500"}),
    Refused(
        "a stream that breaks off", "full", "assistant", "APIError", 200, "upstream_incomplete", "provider", streamed=True,
        headers={"x-simulate-truncate-after": "3"}),
]

# What lesser providers do, as which question it shows.
ODDITIES = {
    "usage-without-choices": ["stream with usage"],
    "calls-without-index": ["tool call, streamed"],
    "choices-without-index": ["chat", "stream with usage", "tool call", "tool call, streamed"],
    "no-identity": ["chat", "stream with usage", "tool call", "tool call, streamed"],
    "eos": ["chat", "stream with usage", "structured output"],
    "no-usage": ["chat", "stream without usage"],
    "fat-chunks": ["stream with usage", "tool call, streamed"],
}


class Steps:
    """Runs the table for one client and tells each step as it is passed."""

    def __init__(self, client, platform, tell):
        self.failures = []
        self.client = client
        self.base_url = platform["base_url"]
        self.keys = platform["keys"]
        self.models = platform["models"]
        self.files = platform.get("files", {})
        self.tell = tell
        self.questions = {
            "chat": self.chat,
            "stream without usage": self.stream_without_usage,
            "stream with usage": self.stream_with_usage,
            "tool call": self.tool_call,
            "tool call, streamed": self.tool_call_streamed,
            "structured output": self.structured_output,
            "embeddings": self.embeddings,
            "models": self.list_models,
            "moderation": self.moderation,
            "images": self.images,
            "speech": self.speech,
            "transcript": self.transcript,
        }

    def run(self):
        for name, question in self.questions.items():
            self.step(name, question, {})
        for oddity, names in ODDITIES.items():
            for name in names:
                self.step(f"{name} from a provider with {oddity}", self.questions[name], {"x-simulate-oddity": oddity})
        for refusal in REFUSALS:
            # A platform of somebody else's has no keys and models for all of them.
            if refusal.key in self.keys and refusal.model in self.models:
                self.step(refusal.name, self.refused, refusal)
        if "paced" in self.keys:
            self.step("a limit of one request in a second is waited for", self.paced, {})

    def step(self, name, question, argument):
        try:
            said = question(argument)
        except Failed as failure:
            self.failures.append(f"{name}: {failure}")
        except Exception as error:
            self.failures.append(f"{name}: {type(error).__name__}: {str(error)[:ERROR_MAX]}")
        else:
            if said is not NotImplemented:
                self.tell(name if said is None else f"{name}: {said}")

    def ask(self, headers, key="full", model="assistant", **more):
        return Ask(self.base_url, self.keys[key], self.models[model], headers=headers, **more)

    # --- Questions that are answered.

    def chat(self, headers):
        text = self.client.chat(self.ask(headers))
        expect(text and len(text.split()) > 3, f"answered {text!r}")

    def stream_without_usage(self, headers):
        answer = self.client.stream(self.ask(headers), False)
        if answer is NotImplemented:
            return answer
        text, usage = answer
        expect(text and len(text.split()) > 3, f"streamed {text!r}")
        expect(not usage, f"told the usage {usage}, which nobody asked for")

    def stream_with_usage(self, headers):
        answer = self.client.stream(self.ask(headers), True)
        if answer is NotImplemented:
            return answer
        text, usage = answer
        expect(text and len(text.split()) > 3, f"streamed {text!r}")
        expect(usage == len(text.split()), f"told {usage} output tokens for {text!r}")

    def tool_call(self, headers):
        return self.check_call(self.client.tool_call(self.ask(headers)))

    def tool_call_streamed(self, headers):
        return self.check_call(self.client.tool_call_streamed(self.ask(headers)))

    def check_call(self, call):
        if call is NotImplemented:
            return call
        name, arguments = call
        expect(name == "weather", f"called {name!r}")
        expect(isinstance(arguments.get("city"), str) and isinstance(arguments.get("days"), int), f"with {arguments}")

    def structured_output(self, headers):
        trip = self.client.structured(self.ask(headers))
        expect(trip.city and 1 <= trip.days <= 7, f"answered {trip}")

    def embeddings(self, headers):
        vectors = self.client.embed(self.ask(headers, model="embedding"), ["a charter", "a gateway"])
        if vectors is NotImplemented:
            return vectors
        expect(len(vectors) == 2, f"{len(vectors)} vectors")
        for vector in vectors:
            length = math.sqrt(sum(x * x for x in vector))
            expect(abs(length - 1) < 1e-3, f"a vector of length {length}")

    def list_models(self, headers):
        names = self.client.models(self.ask(headers))
        if names is NotImplemented:
            return names
        expect(self.models["assistant"] in names, f"{sorted(names)}")
        expect(self.models["premium"] not in names, "lists a model that the key may not use")

    # --- What few clients ask, and few platforms have models for.

    def of_media(self, question, headers, model, *more):
        ask = getattr(self.client, question, None)
        return NotImplemented if ask is None or model not in self.models else ask(self.ask(headers, model=model), *more)

    def moderation(self, headers):
        flags = self.of_media("moderate", headers, "moderation", ["a charter", "a gateway"])
        if flags is not NotImplemented:
            expect(flags == [False, False], f"flagged {flags}")
            return None
        return flags

    def images(self, headers):
        pictures = self.of_media("draw", headers, "images", 2)
        if pictures is NotImplemented:
            return pictures
        expect(len(pictures) == 2 and all(base64.b64decode(picture)[1:4] == b"PNG" for picture in pictures), f"{pictures}")
        expect(self.of_media("redraw", headers, "images", base64.b64decode(pictures[0])), "nothing was changed")

    def speech(self, headers):
        sound = self.of_media("speak", headers, "speech")
        if sound is NotImplemented:
            return sound
        expect(len(sound) == 100 * len(Ask.text.split()), f"{len(sound)} bytes")

    def transcript(self, headers):
        text = self.of_media("transcribe", headers, "transcript", bytes(range(256)) * 500)
        if text is NotImplemented:
            return text
        expect(text and len(text.split()) > 3, f"wrote down {text!r}")

    # --- Questions that are refused.

    def refused(self, refusal):
        # A limit that lets one request through has to be reached.
        if refusal.key == "quota" and not self.is_reached():
            self.client.chat(self.ask({}, key="quota"))
        before = self.requests()
        try:
            ask = self.ask(refusal.headers, key=refusal.key, model=refusal.model, text=refusal.text)
            answer = self.client.stream(ask, False) if refusal.streamed else self.client.chat(ask)
        except Exception as raised:
            error = self.client.cause(raised)
        else:
            expect(answer is NotImplemented, f"answered {answer!r}")
            return answer
        wanted = self.client.exceptions.get(refusal.exception, refusal.exception)
        names = [each.__name__ for each in type(error).__mro__]
        expect(wanted in names, f"raised {names[0]}, not {wanted}: {error}")
        status = getattr(error, "status_code", refusal.status)
        # A stream had its 200 long before; some make a status up for what came after.
        expect(status == refusal.status or refusal.streamed, f"status {status}")
        code = code_of(error)
        expect(code == refusal.code, f"code {code!r}, not {refusal.code}: {error}")
        words = self.files.get(refusal.key, f"{refusal.key}.yaml:") if refusal.words is PLACE else refusal.words
        expect(words in str(error), f"{words!r} is not in the message: {error}")
        most = STUBBORN.get(self.client.name, refusal.requests) if refusal.status in (429, 502) else refusal.requests
        requests = self.requests_since(before, refusal.requests, most)
        return f"{names[0]} after {requests} request{'s'[:requests > 1]}"

    def is_reached(self):
        request = urllib.request.Request(
            self.base_url + "/chat/completions", method="POST", headers={"authorization": f"Bearer {self.keys['quota']}"},
            data=b'{"model":"assistant","messages":[{"role":"user","content":"Hello"}]}')
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status == 200
        except urllib.error.HTTPError as error:
            return error.code == 429

    def paced(self, headers):
        before = self.requests()
        for _ in range(2):
            self.client.chat(self.ask(headers, key="paced"))
        counted = self.requests() - before
        # Two where the machine took a second for the first.
        expect(counted in (2, 3), f"{counted} requests for two answers")

    def requests(self):
        """Inference requests that the gateway has answered, whoever asked."""
        parts = urllib.parse.urlsplit(self.base_url)
        with urllib.request.urlopen(f"{parts.scheme}://{parts.netloc}/metrics", timeout=20) as page:
            lines = page.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("charter_requests_total{"))

    def requests_since(self, before, wanted, most):
        """As many as are counted; those still on their way are waited for."""
        end = time.monotonic() + 10
        while (counted := self.requests() - before) < wanted and time.monotonic() < end:
            time.sleep(0.02)
        expect(wanted <= counted <= most, f"{counted:.0f} requests, not {wanted}")
        return int(counted)
