"""langchain-openai."""

from importlib.metadata import version

from langchain_openai import ChatOpenAI, OpenAIEmbeddings

from shapes import WEATHER, Trip


class Client:
    name = "langchain-openai"
    version = version("langchain-openai")
    exceptions = {}

    def api(self, ask, **options):
        return ChatOpenAI(base_url=ask.base_url, api_key=ask.key, model=ask.model, default_headers=ask.headers, timeout=30, **options)

    def chat(self, ask):
        return self.api(ask).invoke(ask.text).content

    def stream(self, ask, with_usage):
        # It asks for the usage by itself only of OpenAI's own address.
        options = {"stream_usage": True} if with_usage else {}
        text, used = "", None
        for chunk in self.api(ask, **options).stream(ask.text):
            text += chunk.content
            if chunk.usage_metadata:
                used = (used or 0) + chunk.usage_metadata["output_tokens"]
        return text, used

    def tool_call(self, ask):
        call = self.api(ask).bind_tools([WEATHER]).invoke(ask.text).tool_calls[0]
        return call["name"], call["args"]

    def tool_call_streamed(self, ask):
        whole = None
        for chunk in self.api(ask).bind_tools([WEATHER]).stream(ask.text):
            whole = chunk if whole is None else whole + chunk
        call = whole.tool_calls[0]
        return call["name"], call["args"]

    def structured(self, ask):
        return self.api(ask).with_structured_output(Trip).invoke(ask.text)

    def embed(self, ask, texts):
        # Otherwise it fetches a tokenizer's table from the internet first.
        api = OpenAIEmbeddings(base_url=ask.base_url, api_key=ask.key, model=ask.model, check_embedding_ctx_length=False)
        return api.embed_documents(texts)

    def models(self, ask):
        return NotImplemented

    def cause(self, error):
        return error
