/// Whose fault it is that a provider refuses a request. One table for both ways of telling: by a status, and by an error event
/// in a stream.
enum ProviderFault: Equatable {
    /// The request's. It is as wrong everywhere else, and the client is told in the provider's own words.
    case client
    /// The gateway's credential, its account or its rights. No business of the client's, and the words may repeat part of a key.
    case credential
    /// What is declared of the provider: an address where nothing is, or a model that it does not have.
    case declaration
    /// Nobody's: the provider asks to be left alone for a while.
    case busy
    /// The provider's own.
    case provider

    /// `status` is that of the answer; of an event the one that its words stand for.
    init(status: Int, _ words: RefusalWords) {
        let told = Self(status: status)
        let worded = words.status.map(Self.init(status:))
        switch (told, worded) {
        // Some say of a key or a model that the request is wrong, and only in words what is wrong with it.
        case (.client, .credential?), (.client, .declaration?): self = worded ?? told
        case (.client, _): self = words.mentionsKey ? .credential : .client
        // No waiting refills the account that pays for the gateway's key.
        case (.busy, .credential?): self = .credential
        default: self = told
        }
    }

    private init(status: Int) {
        switch status {
        case 400, 409, 413, 415, 422: self = .client
        case 401, 402, 403: self = .credential
        case 429: self = .busy
        case 408, 500...: self = .provider
        default: self = .declaration
        }
    }
}
