internal import HTTP

/// A provider's refusal of a request, be it told by a status and a body or by an event in a stream.
struct ProviderRefusal {
    let fault: ProviderFault
    /// HTTP's; of an event the one that its words stand for.
    let status: Int
    /// For the client, unless the fault is the credential's.
    let message: String
    /// As it came; of an event its data.
    let body: [UInt8]

    /// An answer with a status that is no success.
    init(status: Int, body: [UInt8]) {
        let words = body.withUnsafeBytes(RefusalWords.init)
        fault = ProviderFault(status: status, words)
        self.status = status
        self.body = body
        switch fault {
        case .provider: message = "The provider failed (HTTP \(status)). \(words.message)"
        default: message = "The provider answered HTTP \(status). \(words.message)"
        }
    }

    /// The data of an event that says `error`. One that does not say whose fault it is is the provider's.
    init(event: UnsafeRawBufferPointer) {
        let words = RefusalWords(event)
        status = words.status ?? 500
        fault = ProviderFault(status: status, words)
        message = words.message.isEmpty ? "The provider reported an error." : words.message
        body = Array(event)
    }

    /// A stream that breaks the rules of its form.
    init(malformed message: String) {
        (fault, status, body) = (.provider, 502, [])
        self.message = message
    }

    /// Whether the body is what OpenAI's SDKs read.
    var hasErrorObject: Bool {
        body.withUnsafeBytes { bytes in (try? JSONScan(bytes))?["error"]?.object() != nil }
    }
}

extension AnswerError {
    /// What a provider finds wrong with a request, in its words and with its status.
    init(_ refusal: ProviderRefusal) {
        self.init(.providerRefused, refusal.message)
        status = refusal.status
    }
}
