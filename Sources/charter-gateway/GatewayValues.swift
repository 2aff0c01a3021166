import Crypto
import Gateway
import Glibc
import HTTP

/// What was given for each flag.
struct GatewayValues {
    private let values: [String: [String]]

    init(_ values: [String: [String]]) { self.values = values }

    /// The last one given.
    subscript(option: GatewayOption) -> String? { values[option.rawValue]?.last }

    func all(_ option: GatewayOption) -> [String] { values[option.rawValue] ?? [] }

    func address(_ option: GatewayOption) throws(UsageError) -> ListenAddress? {
        guard let text = self[option] else { return nil }
        guard let address = ListenAddress(text) else {
            throw UsageError(reason: "\(option.rawValue) is not host:port with a numeric host")
        }
        return address
    }

    func number(_ option: GatewayOption, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = self[option] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(reason: "\(option.rawValue) is a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func isOn(_ option: GatewayOption) throws(UsageError) -> Bool {
        switch self[option] {
        case nil, "false", "0", "no": false
        case "true", "1", "yes": true
        default: throw UsageError(reason: "\(option.rawValue) is true or false")
        }
    }

    func word<Word: RawRepresentable<String>>(_ option: GatewayOption, _ type: Word.Type) throws(UsageError) -> Word? {
        guard let text = self[option] else { return nil }
        guard let word = Word(rawValue: text) else { throw UsageError(reason: "\(option.rawValue) does not know `\(text)`") }
        return word
    }
}

extension GatewayOptions {
    init(_ values: GatewayValues) throws(UsageError) {
        guard let database = values[.database], !database.isEmpty else {
            throw UsageError(reason: "no database: give --database or set CHARTER_DATABASE_URL")
        }
        let processors = max(1, min(Self.loopsMax, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        self.init(
            database: database, listen: try values.address(.listen) ?? ListenAddress(host: "127.0.0.1", port: 8080),
            state: values[.state] ?? ".charter/gateway", loops: try values.number(.loops, in: 1...Self.loopsMax) ?? processors)
        admin = try values.address(.admin)
        tls = try Self.tls(values)
        trust = try Self.trust(values)
        speaksProxyProtocol = try values.isOn(.proxyProtocol)
        if speaksProxyProtocol, trust.proxies.isEmpty {
            throw UsageError(reason: "--proxy-protocol needs --trusted-proxies: whoever can send the header can be anybody")
        }
        connections.total = try values.number(.connections, in: 1...Self.connectionsMax)
        connections.perClient = try values.number(.perClient, in: 1...Self.connectionsMax)
        // Less, and the longest body that is taken at all would never find room.
        if let mebibytes = try values.number(.bodyMemory, in: bodyBytesMax >> 20...Self.mebibytesMax) {
            bodyBytesHeldMax = mebibytes << 20
            soundBytesMax = min(soundBytesMax, bodyBytesHeldMax)
        }
        if let mebibytes = try values.number(.journal, in: 1...Self.mebibytesMax) { journal.bytesMax = mebibytes << 20 }
        if let seconds = try values.number(.drainDelay, in: 0...Self.secondsMax) { drainDelay = .seconds(seconds) }
        if let seconds = try values.number(.drainTimeout, in: 0...Self.secondsMax) { drainDeadline = .seconds(seconds) }
        takesOver = try values.isOn(.takeOver)
    }

    private static func tls(_ values: GatewayValues) throws(UsageError) -> TLSFiles? {
        let (certificates, keys) = (values.all(.certificate), values.all(.key))
        guard certificates.count == keys.count else {
            throw UsageError(reason: "there are \(certificates.count) --tls-certificate and \(keys.count) --tls-key; each needs the other")
        }
        let authorities = values[.clientAuthorities]
        let demand = try values.word(.clientDemand, TLSClientDemand.self)
        guard !certificates.isEmpty else {
            if authorities != nil || demand != nil { throw UsageError(reason: "--tls-client needs --tls-certificate") }
            return nil
        }
        if demand != nil, authorities == nil { throw UsageError(reason: "--tls-client needs --tls-client-ca") }
        var files = TLSFiles(identities: zip(certificates, keys).map { TLSIdentityFiles(certificate: $0, key: $1) })
        files.clientAuthorities = authorities
        files.clientDemand = demand ?? .required
        return files
    }

    private static func trust(_ values: GatewayValues) throws(UsageError) -> ForwardedTrust {
        var trust = ForwardedTrust()
        for text in values.all(.proxies) {
            guard let network = NetworkPrefix(text) else {
                throw UsageError(reason: "--trusted-proxies: `\(text)` is no network such as 10.0.0.0/8")
            }
            trust.proxies.append(network)
        }
        if let field = try values.word(.clientAddress, ForwardedField.self) { trust.field = field }
        return trust
    }

    /// More than any machine's processors that one gateway can use.
    private static let loopsMax = 256
    private static let connectionsMax = 1_000_000
    private static let mebibytesMax = 1 << 20
    private static let secondsMax = 86_400
}
