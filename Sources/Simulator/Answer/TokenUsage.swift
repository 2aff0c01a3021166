/// The tokens of one answer.
struct TokenUsage: Equatable {
    var prompt: Int
    var completion: Int

    /// Appends the object that OpenAI calls `usage`, with the details that strict clients expect.
    func append(to text: inout [UInt8]) {
        text.append(#"{"prompt_tokens":"#)
        text.append(decimal: prompt)
        text.append(#","completion_tokens":"#)
        text.append(decimal: completion)
        text.append(#","total_tokens":"#)
        text.append(decimal: prompt + completion)
        text.append(#","prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"#)
        text.append(#""completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"#)
        text.append(#""accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#)
    }
}
