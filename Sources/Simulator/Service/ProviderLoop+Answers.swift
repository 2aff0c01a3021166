internal import HTTP

extension ProviderLoop {
    /// Answers a request whose body has come, and sees to it that it is logged once.
    func answer(_ endpoint: Endpoint, _ exchange: Exchange, body: UnsafeRawBufferPointer) {
        let headers = exchange.request.headers
        let serial = nextSerial()
        var served = ServedRequest(id: headers["x-request-id"] ?? "sim-\(serial)", endpoint: endpoint)
        var scenario = Scenario(settings, &draws)
        do throws(APIFault) {
            if let fault = keyFault(headers) { throw fault }
            try scenario.apply(headers)
            switch endpoint {
            case .embeddings: try embed(try EmbeddingQuestion(body), exchange, scenario, &served)
            case .chatCompletions, .completions:
                try complete(try TextQuestion(body, endpoint: endpoint), exchange, scenario, serial, &served)
            case .moderations: try give(ModerationAnswer.make(try ModerationQuestion(body), serial), exchange, scenario, &served)
            case .imagesGenerations: try draw(try ImageQuestion(body), exchange, scenario, &served)
            case .imagesEdits, .imagesVariations: try draw(try ImageQuestion(form: try FormReader(body, headers)), exchange, scenario, &served)
            case .audioSpeech: try give(SpeechAnswer.make(try SpeechQuestion(body)), exchange, scenario, &served)
            case .audioTranscriptions, .audioTranslations:
                try give(transcript(try TranscriptQuestion(try FormReader(body, headers)), scenario), exchange, scenario, &served)
            }
        } catch {
            refuse(error, exchange, scenario, served)
        }
    }

    private func refuse(_ fault: APIFault, _ exchange: Exchange, _ scenario: Scenario, _ served: ServedRequest) {
        var served = served
        served.status = fault.status
        served.promptTokens = 0
        served.isComplete = true
        log?.append(served)
        exchange.respond(fault, id: served.id, extra: scenario.retryAfter.map { ("retry-after", $0) })
    }

    private func complete(
        _ question: TextQuestion, _ exchange: Exchange, _ scenario: Scenario, _ serial: UInt64,
        _ served: inout ServedRequest
    ) throws(APIFault) {
        served.model = question.model
        if let status = scenario.status { throw .injected(status) }
        served.promptTokens = question.promptTokens
        served.isStream = question.isStream
        let identity = AnswerIdentity(
            endpoint: question.endpoint, serial: serial, created: loop.wallClockMilliseconds / 1000,
            model: question.model, isChunk: question.isStream, oddities: scenario.oddities)
        let texts = question.texts(seed: settings.seed, wanted: scenario.tokens)
        let usage = TokenUsage(prompt: question.promptTokens, completion: texts.reduce(0) { $0 + $1.tokens })
        if scenario.oddities.contains(.html) { return showPage(exchange, served) }
        if question.isStream {
            let tellsUsage = question.includesUsage && !scenario.oddities.contains(.noUsage)
            let script = StreamScript(identity, texts, usage: tellsUsage ? usage : nil)
            StreamedAnswer(loop, exchange, script, scenario, served, log).start()
        } else {
            var answer = PlainAnswer(
                body: WholeAnswer.body(identity, texts, usage), wait: scenario.wait(tokens: usage.completion),
                ending: scenario.ending, served: served)
            answer.tokens = usage.completion
            if let words = scenario.ending.words {
                answer.keep(words, WholeAnswer.beginning(identity, texts[0], words: words), of: texts[0].count)
            }
            send(answer, on: exchange)
        }
    }

    /// What stands between a provider and the world shows such pages.
    private func showPage(_ exchange: Exchange, _ served: ServedRequest) {
        var served = served
        served.status = 200
        served.isComplete = true
        log?.append(served)
        exchange.respond(
            ResponseHead(status: 200, headers: ["content-type": "text/html", "x-request-id": served.id]),
            body: Array("<!doctype html><title>Welcome</title><p>There is nothing to see here.\n".utf8))
    }

    private func embed(
        _ question: EmbeddingQuestion, _ exchange: Exchange, _ scenario: Scenario, _ served: inout ServedRequest
    ) throws(APIFault) {
        served.model = question.model
        if let status = scenario.status { throw .injected(status) }
        served.promptTokens = question.promptTokens
        let body = EmbeddingAnswer.body(question, seed: settings.seed)
        var answer = PlainAnswer(body: body, wait: scenario.firstToken, ending: scenario.ending, served: served)
        // An embedding has no words; a cut one loses its second half.
        if let words = scenario.ending.words { answer.keep(words, Array(body[..<(body.count / 2)]), of: 0) }
        send(answer, on: exchange)
    }
}

extension Scenario {
    /// How long a whole answer takes that would have streamed this many tokens.
    fileprivate func wait(tokens: Int) -> Duration { firstToken + pace * max(0, tokens - 1) }
}
