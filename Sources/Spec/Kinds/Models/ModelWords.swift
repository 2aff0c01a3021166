/// The words that describe models, as tables of prices and listings of providers use them.
extension Vocabulary {
    static let modes = Vocabulary(
        noun: "a mode", example: "embedding",
        known: [
            "chat", "responses", "completion", "embedding", "rerank", "moderation", "image-generation", "image-edit",
            "audio-transcription", "audio-speech", "video-generation", "realtime", "search", "ocr", "evaluation",
            "extraction", "guardrail", "vector-store", "decisions",
        ])

    static let modalities = Vocabulary(
        noun: "a modality", example: "image",
        known: ["text", "image", "audio", "video", "pdf", "file", "code", "embedding"])

    static let capabilities = Vocabulary(
        noun: "a capability", example: "tools",
        known: [
            "chat", "completions", "embeddings", "rerank", "moderation", "streaming", "tools", "parallel-tools",
            "tool-choice", "tool-search", "forced-tool-use", "json", "json-schema", "reasoning",
            "interleaved-reasoning", "adaptive-thinking", "vision", "image-input", "image-output", "audio-input",
            "audio-output", "video-input", "video-output", "pdf-input", "embedding-image-input", "attachment",
            "multimodal", "prompt-cache", "system-messages", "assistant-prefill", "web-search", "url-context",
            "computer-use", "code-execution", "temperature", "sampling-params", "logprobs", "seed", "open-weights",
            "fine-tuning", "batch", "fast-mode",
        ])

    static let operations = Vocabulary(
        noun: "an operation", example: "chat.completions",
        known: [
            "chat.completions", "completions", "embeddings", "models", "inference", "responses", "messages",
            "messages.count-tokens", "images.generations", "images.edits", "images.variations",
            "audio.transcriptions", "audio.translations", "audio.speech", "moderations", "rerank", "realtime",
            "videos", "ocr", "batches", "files", "search",
        ])

    static let serviceTiers = Vocabulary(
        noun: "a service tier", example: "batch",
        known: ["batch", "flex", "priority", "fast", "ultrafast", "balanced", "scale"])
}
