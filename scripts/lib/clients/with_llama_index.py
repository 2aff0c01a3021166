"""llama-index, by its OpenAILike."""

from importlib.metadata import version

from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai_like import OpenAILike

from shapes import Trip


def weather(city: str, days: int) -> str:
    """The weather of the next days."""
    return f"fine in {city} for {days} days"


class Client:
    name = "llama-index"
    version = version("llama-index-llms-openai-like")
    exceptions = {}

    def api(self, ask, **options):
        return OpenAILike(
            api_base=ask.base_url, api_key=ask.key, model=ask.model, default_headers=dict(ask.headers), is_chat_model=True,
            is_function_calling_model=True, timeout=30, **options)

    def messages(self, ask):
        return [ChatMessage(role="user", content=ask.text)]

    def chat(self, ask):
        return self.api(ask).chat(self.messages(ask)).message.content

    def stream(self, ask, with_usage):
        options = {"additional_kwargs": {"stream_options": {"include_usage": True}}} if with_usage else {}
        text, used = "", None
        for response in self.api(ask, **options).stream_chat(self.messages(ask)):
            text += response.delta or ""
            usage = getattr(response.raw, "usage", None)
            used = usage.completion_tokens if usage else used
        return text, used

    def tool_call(self, ask):
        api = self.api(ask)
        response = api.chat_with_tools([FunctionTool.from_defaults(weather)], user_msg=ask.text)
        return self.call(api, response)

    def tool_call_streamed(self, ask):
        api = self.api(ask)
        response = None
        for response in api.stream_chat_with_tools([FunctionTool.from_defaults(weather)], user_msg=ask.text):
            pass
        return self.call(api, response)

    def call(self, api, response):
        call = api.get_tool_calls_from_response(response)[0]
        return call.tool_name, call.tool_kwargs

    def structured(self, ask):
        return self.api(ask).as_structured_llm(Trip).chat(self.messages(ask)).raw

    def embed(self, ask, texts):
        api = OpenAIEmbedding(api_base=ask.base_url, api_key=ask.key, model_name=ask.model)
        return api.get_text_embedding_batch(texts)

    def models(self, ask):
        return NotImplemented

    def cause(self, error):
        return error
