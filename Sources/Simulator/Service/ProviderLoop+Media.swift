internal import HTTP

/// Answers in pictures, sound and judgements of texts.
extension ProviderLoop {
    func draw(
        _ question: ImageQuestion, _ exchange: Exchange, _ scenario: Scenario, _ served: inout ServedRequest
    ) throws(APIFault) {
        let tellsUsage = !scenario.oddities.contains(.noUsage)
        try give(ImageAnswer.make(question, created: loop.wallClockMilliseconds / 1000, tellsUsage: tellsUsage), exchange, scenario, &served)
    }

    /// The words are those of a chat with the same seed.
    func transcript(_ question: TranscriptQuestion, _ scenario: Scenario) -> MadeAnswer {
        let text = GeneratedText(seed: Draws.mixed(settings.seed) ^ question.seed, wanted: scenario.tokens, max: nil, stops: [])
        return TranscriptAnswer.make(question, text, tellsUsage: !scenario.oddities.contains(.noUsage))
    }

    /// Sends what was made, or the half of it where the answer is to be cut.
    func give(
        _ made: MadeAnswer, _ exchange: Exchange, _ scenario: Scenario, _ served: inout ServedRequest
    ) throws(APIFault) {
        served.model = made.model
        if let status = scenario.status { throw .injected(status) }
        served.promptTokens = made.promptTokens
        served.units = made.units
        served.isStream = made.contentType == MadeAnswer.eventStream
        var answer = PlainAnswer(body: made.body, wait: scenario.firstToken, ending: scenario.ending, served: served)
        answer.tokens = made.completionTokens
        answer.contentType = made.contentType
        if let words = scenario.ending.words { answer.keep(words, Array(made.body[..<(made.body.count / 2)]), of: 0) }
        send(answer, on: exchange)
    }
}
