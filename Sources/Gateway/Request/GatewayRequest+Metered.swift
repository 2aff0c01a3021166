internal import HTTP
internal import Policy
internal import Spec

/// Answers in pictures, sound and judgements of texts.
extension GatewayRequest {
    /// A form goes up as what it is; what is no JSON is welcome where it was asked for.
    func describeMedia(in headers: inout Headers) {
        if asked.endpoint.takesForm, let boundary = MultipartBoundary(exchange.request.headers) { headers.set("content-type", boundary.contentType) }
        if asked.endpoint != .moderations { headers.set("accept", "*/*") }
    }

    /// Whether what came can be what was asked for; pages for people come with status 200 too.
    func isAnswer(_ attempt: Attempt) -> Bool {
        if attempt.answersJSON { return true }
        if asked.wantsJSON || attempt.answerHeaders.sayPage { return false }
        return asked.endpoint != .audioSpeech || !attempt.answer.isEmpty
    }

    /// Settles a whole answer, and passes it on as it is.
    func answerMetered(_ attempt: Attempt) {
        let bounds = bounds(of: attempt)
        let report = attempt.answer.withUnsafeBytes { bytes -> MeteredReport? in
            guard let scan = try? JSONScan(bytes) else { return nil }
            if attempt.target.prices?.hasTiers == true { attempt.serviceTier = scan["service_tier"]?.string() }
            return MeteredReport(scan, asked, within: bounds, noting: &attempt.doubts)
        }
        let (usage, isEstimated) = meteredUsage(attempt, report)
        finishAnswer(attempt, usage, isEstimated: isEstimated, attempt.answer)
    }

    /// What is booked: the tokens that the provider told, where they have prices; else what was asked for by the piece, the character or
    /// the second, where these have; else what is reckoned in tokens.
    func meteredUsage(_ attempt: Attempt, _ report: MeteredReport?) -> (usage: Usage, isEstimated: Bool) {
        let (prices, endpoint) = (attempt.target.prices, asked.endpoint)
        var usage = report?.tokens ?? Usage()
        var isEstimated = false
        let isTold = report?.tokens != nil
        if isTold, prices?.paysTokens(of: endpoint) ?? true {
            isEstimated = false
        } else if let meter = prices?.unitMeter(for: endpoint) {
            if !isTold, prices?.billsInput == true {
                usage = .reckoned(input: admission?.inputEstimate ?? 0, output: 0, at: endpoint)
                isEstimated = true
            }
            let told = report?.units(at: endpoint)
            usage.other[meter] = told ?? asked.units(of: meter)
            if told == nil, !asked.knows(meter) { isEstimated = true }
        } else if !isTold, prices?.billsTokens ?? true {
            usage = .reckoned(input: admission?.inputEstimate ?? 0, output: reckonedOutput(attempt), at: endpoint)
            isEstimated = true
        }
        if asked.images > 0, let meter = prices?.imageMeter(for: endpoint) { usage.other[meter] = asked.images }
        // A request it was, whatever else.
        if usage == Usage() { usage.other[.request] = 1 }
        return (usage, isEstimated)
    }

    private func reckonedOutput(_ attempt: Attempt) -> Int64 {
        let most = admission?.outputHold ?? 0
        switch asked.endpoint {
        case .audioSpeech: return min(asked.media.secondsSpoken * TokenPolicy.spokenTokensPerSecond, most)
        case .audioTranscriptions, .audioTranslations:
            return min(loop.ratios.tokens(ofBytes: Int64(attempt.received), model: attempt.target.model.qualifiedName), most)
        default: return most
        }
    }
}

extension AskedAnswer {
    /// What is likely, or with `most` what it comes to at most.
    func units(of meter: Meter, most: Bool = false) -> Int64 { media.units(of: meter, at: endpoint, answers: Int64(choices), most: most) }

    /// Whether the request itself tells how much of a meter it asks for; how long speech is, only its sound tells.
    func knows(_ meter: Meter) -> Bool { endpoint.makesImages || Meter.characters.contains(meter) }
}

extension Headers {
    /// Whether they say that a page for people follows.
    var sayPage: Bool { withValue("content-type") { $0.starts(with: "text/html".utf8) } ?? false }
}
