package import HTTP

/// Asks issuers for their keys by OpenID Connect Discovery 1.0 section 4, on a thread of its own. No redirect is followed.
package final class KeySetFetcher: KeySetSource {
    private let thread: LoopThread
    private let tls: ClientTLS
    private let mayConnect: @Sendable (NetworkAddress) -> Bool

    /// `mayConnect` is asked of every address: issuers are declared by organizations, and name the address of their keys themselves. An
    /// organization's own network is fine, and what this machine tells itself alone is not.
    package init(
        tls: ClientTLS = ClientTLS(), mayConnect: @escaping @Sendable (NetworkAddress) -> Bool = { !($0.isOfMachine || $0.isLoopback || $0.isUnspecified) }
    ) throws {
        self.tls = tls
        self.mayConnect = mayConnect
        thread = try LoopThread.start(name: "issuers") { _ in }
    }

    deinit { thread.stop() }

    func fetch(_ issuer: String, _ done: @escaping @Sendable (Result<KeySet, TokenProblem>) -> Void) {
        let isPosted = thread.remote.post { [tls, mayConnect] loop in
            var limits = ClientLimits()
            limits.idleConnectionsPerOriginMax = 0
            let client = Client(loop: loop, limits: limits, tls: tls, policy: mayConnect)
            KeySetExchange(issuer, by: client, done).begin()
        }
        if !isPosted { done(.failure(TokenProblem("this process is ending"))) }
    }
}

extension KeySetCache {
    /// Of issuers on the network; for no more than `waitersMax` calls at once, that is less than carry out calls.
    package convenience init(_ fetcher: KeySetFetcher, waitersMax: Int) {
        self.init(fetcher as any KeySetSource, waitersMax: waitersMax)
    }
}

/// One look at an issuer: what it says of itself, then its keys. Confined to its loop; the call under way keeps it.
private final class KeySetExchange: ResponseReceiver {
    private let issuer: String
    private let client: Client
    private let done: (Result<KeySet, TokenProblem>) -> Void
    private var isAskingForKeys = false
    private var body: [UInt8] = []
    private var isOver = false

    private static let discoveryPath = "/.well-known/openid-configuration"
    /// Both calls together take less than anybody waits.
    private static let callMax = Duration.seconds(6)

    init(_ issuer: String, by client: Client, _ done: @escaping (Result<KeySet, TokenProblem>) -> Void) {
        (self.issuer, self.client, self.done) = (issuer, client, done)
    }

    func begin() {
        guard let (origin, path) = Origin.parse(issuer), origin.scheme == .https else {
            return end(.failure(TokenProblem("the issuer is no https URL")))
        }
        ask(origin, path + Self.discoveryPath)
    }

    private func ask(_ origin: Origin, _ target: String) {
        body = []
        let timeouts = CallTimeouts(connect: Self.callMax, firstByte: Self.callMax, idle: Self.callMax, total: Self.callMax)
        var headers = Headers()
        headers.add("accept", "application/json")
        client.send(OutboundRequest(method: .get, origin: origin, target: target, headers: headers, timeouts: timeouts), receiver: self)
    }

    func received(head: ResponseHead, call: Call) {
        guard head.status != 200 else { return }
        call.cancel()
        end(.failure(TokenProblem("it answered \(isAskingForKeys ? "for its keys" : "discovery") with \(head.status)")))
    }

    func received(bytes: UnsafeRawBufferPointer, call: Call) {
        body += bytes
        guard body.count > KeySet.bytesMax else { return }
        call.cancel()
        end(.failure(TokenProblem("its answer has more than \(KeySet.bytesMax) bytes")))
    }

    func ended(call: Call) {
        do {
            if isAskingForKeys { return end(.success(try KeySet(body))) }
            let (origin, target) = try keysAddress()
            isAskingForKeys = true
            ask(origin, target)
        } catch {
            end(.failure(error as? TokenProblem ?? TokenProblem("\(error)")))
        }
    }

    func failed(_ failure: CallFailure, call: Call) { end(.failure(TokenProblem("it cannot be asked: \(failure)"))) }

    /// Throws `TokenProblem` where the answer is another issuer's, which would speak for this one (Discovery 1.0 section 4.3).
    private func keysAddress() throws -> (Origin, String) {
        let address = try TokenJSON.read(body) { scan in
            guard scan["issuer"]?.string() == issuer else { throw TokenProblem("what answers says to be another issuer") }
            guard let address = scan["jwks_uri"]?.string() else { throw TokenProblem("it names no `jwks_uri`") }
            return address
        }
        let parts = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let (origin, _) = Origin.parse(String(parts[0])), origin.scheme == .https else {
            throw TokenProblem("its `jwks_uri` is no https URL")
        }
        // As it stands, since some have a slash at the end and answer otherwise without.
        let path = String(parts[0].dropFirst("https://".count).drop { $0 != "/" })
        return (origin, (path.isEmpty ? "/" : path) + (parts.count > 1 ? "?" + parts[1] : ""))
    }

    private func end(_ result: Result<KeySet, TokenProblem>) {
        guard !isOver else { return }
        isOver = true
        client.retire()
        done(result)
    }
}
