internal import HTTP
internal import Spec

/// What a request's method and path ask for.
enum RequestRoute: Equatable {
    case inference(CalledEndpoint)
    case batch
    /// To which model a chat is best sent.
    case recommendation(Endpoint)
    case models
    /// With the model's id, percent-decoded.
    case model(String)
    case health
    case readiness
    case metrics
    case root
    case unknown
    /// With what `Allow` says.
    case wrongMethod(allow: String)
    case options(allow: String)

    /// Whether the page may be served on the data listener when there is an admin listener.
    var isOperational: Bool { self == .metrics }

    init(_ method: Method, path: String) {
        // Only OPTIONS can have this target: it is about the server as a whole (RFC 9110 §9.3.7).
        if path == "*" {
            self = .options(allow: "GET, HEAD, POST, OPTIONS")
            return
        }
        guard let (route, allowed) = Self.find(path) else {
            self = .unknown
            return
        }
        let allow = allowed == .post ? "POST, OPTIONS" : "GET, HEAD, OPTIONS"
        if method == .options {
            self = .options(allow: allow)
        } else if method == allowed || (method == .head && allowed == .get) {
            self = route
        } else {
            self = .wrongMethod(allow: allow)
        }
    }

    private static func find(_ path: String) -> (RequestRoute, Method)? {
        switch path {
        case "/v1/chat/completions": (.inference(CalledEndpoint(family: .openAI, endpoint: .chatCompletions)), .post)
        case "/v1/completions": (.inference(CalledEndpoint(family: .openAI, endpoint: .completions)), .post)
        case "/v1/embeddings": (.inference(CalledEndpoint(family: .openAI, endpoint: .embeddings)), .post)
        case "/v1/moderations": (.inference(CalledEndpoint(family: .openAI, endpoint: .moderations)), .post)
        case "/v1/images/generations": (.inference(CalledEndpoint(family: .openAI, endpoint: .imagesGenerations)), .post)
        case "/v1/images/edits": (.inference(CalledEndpoint(family: .openAI, endpoint: .imagesEdits)), .post)
        case "/v1/images/variations": (.inference(CalledEndpoint(family: .openAI, endpoint: .imagesVariations)), .post)
        case "/v1/audio/speech": (.inference(CalledEndpoint(family: .openAI, endpoint: .audioSpeech)), .post)
        case "/v1/audio/transcriptions": (.inference(CalledEndpoint(family: .openAI, endpoint: .audioTranscriptions)), .post)
        case "/v1/audio/translations": (.inference(CalledEndpoint(family: .openAI, endpoint: .audioTranslations)), .post)
        case "/v1/inference": (.inference(CalledEndpoint(family: .inference, endpoint: .inference)), .post)
        case "/api/v1/chat": (.inference(CalledEndpoint(family: .platform, endpoint: .chatCompletions)), .post)
        case "/api/v1/chat/stream": (.inference(CalledEndpoint(family: .platform, endpoint: .chatCompletions, form: .streamed)), .post)
        case "/api/v1/completions": (.inference(CalledEndpoint(family: .platform, endpoint: .completions)), .post)
        case "/api/v1/completions/stream": (.inference(CalledEndpoint(family: .platform, endpoint: .completions, form: .streamed)), .post)
        case "/api/v1/embeddings": (.inference(CalledEndpoint(family: .platform, endpoint: .embeddings)), .post)
        case "/api/v1/batch": (.batch, .post)
        case "/generate": (.inference(CalledEndpoint(family: .generate, endpoint: .chatCompletions, form: .generate)), .post)
        case "/v1/ml/route": (.recommendation(.mlRoute), .post)
        case "/v1/ml/route/batch": (.recommendation(.mlRouteBatch), .post)
        case "/v1/models": (.models, .get)
        case "/healthz", "/livez", "/health": (.health, .get)
        case "/readyz": (.readiness, .get)
        case "/metrics": (.metrics, .get)
        case "/": (.root, .get)
        default: model(path).map { (.model($0), .get) }
        }
    }

    /// Model names hold `/`, so the rest of the path is the name, whether the client encoded its slashes or not.
    private static func model(_ path: String) -> String? {
        let prefix = "/v1/models/"
        guard path.hasPrefix(prefix), path.utf8.count > prefix.utf8.count else { return nil }
        return PercentEncoding.decode(path.utf8.dropFirst(prefix.utf8.count))
    }
}

enum PercentEncoding {
    /// Nil when an escape is not two hexadecimal digits or the result is not UTF-8.
    static func decode(_ text: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index != text.endIndex {
            let byte = text[index]
            text.formIndex(after: &index)
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = text[index...].prefix(2)
            // `UInt8` alone would take a sign for a digit.
            guard digits.count == 2, digits.first != UInt8(ascii: "+"),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            index = digits.endIndex
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
