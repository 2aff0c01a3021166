"""pydantic-ai."""

from importlib.metadata import version

from openai import AsyncOpenAI
from pydantic_ai import Agent, Embedder, NativeOutput
from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from shapes import Trip


class Client:
    name = "pydantic-ai"
    version = version("pydantic-ai-slim")
    exceptions = {
        name: "ModelHTTPError"
        for name in ("AuthenticationError", "PermissionDeniedError", "NotFoundError", "BadRequestError", "RateLimitError")
    } | {"InternalServerError": "ModelServerError", "APIError": "ModelServerError"}

    def provider(self, ask):
        return OpenAIProvider(
            openai_client=AsyncOpenAI(base_url=ask.base_url, api_key=ask.key, default_headers=ask.headers, timeout=30))

    def agent(self, ask, **options):
        return Agent(OpenAIChatModel(ask.model, provider=self.provider(ask)), **options)

    def chat(self, ask):
        return self.agent(ask).run_sync(ask.text).output

    def stream(self, ask, with_usage):
        result = self.agent(ask).run_stream_sync(ask.text)
        text = "".join(result.stream_text(delta=True))
        # It asks for the usage always.
        return text, result.usage.output_tokens if with_usage else None

    def weather_agent(self, ask):
        calls = []

        def weather(city: str, days: int) -> str:
            """The weather of the next days."""
            calls.append(("weather", {"city": city, "days": days}))
            return f"fine in {city} for {days} days"

        return self.agent(ask, tools=[weather]), calls

    def tool_call(self, ask):
        agent, calls = self.weather_agent(ask)
        agent.run_sync(ask.text)
        return calls[0]

    def tool_call_streamed(self, ask):
        agent, calls = self.weather_agent(ask)
        result = agent.run_stream_sync(ask.text)
        for _ in result.stream_text(delta=True):
            pass
        return calls[0]

    def structured(self, ask):
        # Once as a tool's arguments, which it does unasked, and once by a response format.
        self.agent(ask, output_type=Trip).run_sync(ask.text)
        return self.agent(ask, output_type=NativeOutput(Trip)).run_sync(ask.text).output

    def embed(self, ask, texts):
        return Embedder(OpenAIEmbeddingModel(ask.model, provider=self.provider(ask))).embed_documents_sync(texts).embeddings

    def models(self, ask):
        return NotImplemented

    def cause(self, error):
        return error
