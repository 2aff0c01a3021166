internal import HTTP
internal import Spec

/// What a provider is told beside the body. Nothing of the client's head goes up but what is named here: credentials,
/// cookies and our own headers stay behind by not being on the list.
enum UpstreamHeaders {
    static let userAgent = "charter/\(GatewayVersion.current)"

    /// The fields that are the same in every request to a provider. `own` are those that its declaration asks for.
    static func constant(accept: String, _ own: [(name: String, value: String)]) -> Headers {
        var headers = Headers()
        headers.add("content-type", "application/json")
        headers.add("accept", accept)
        // Usage is read in the answer's own bytes, and without this field any encoding would be welcome (RFC 9110 §12.5.3).
        headers.add("accept-encoding", "identity")
        headers.add("user-agent", userAgent)
        for (name, value) in own { headers.set(name, value) }
        return headers
    }

    /// Those of a question about its health, which has no body.
    static func ofQuestion(_ own: [(name: String, value: String)]) -> Headers {
        var headers = constant(accept: "*/*", own)
        headers.remove("content-type")
        return headers
    }

    private static let passed = ["openai-beta"]
    /// Steers the simulator; no other provider sees it.
    private static let simulatorPrefix = "x-simulate-"

    static func copy(from client: Headers, to upstream: inout Headers, isSimulated: Bool) {
        for name in passed {
            if let value = client[name] { upstream.add(named: name, value) }
        }
        guard isSimulated else { return }
        client.forEach { name, value in
            let name = String(decoding: name, as: UTF8.self).lowercased()
            if name.hasPrefix(simulatorPrefix) { upstream.add(named: name, String(decoding: value, as: UTF8.self)) }
        }
    }

    static func path(_ endpoint: Endpoint?) -> String {
        switch endpoint {
        case .completions: "/completions"
        case .embeddings: "/embeddings"
        case .moderations: "/moderations"
        case .imagesGenerations: "/images/generations"
        case .imagesEdits: "/images/edits"
        case .imagesVariations: "/images/variations"
        case .audioSpeech: "/audio/speech"
        case .audioTranscriptions: "/audio/transcriptions"
        case .audioTranslations: "/audio/translations"
        default: "/chat/completions"
        }
    }
}
