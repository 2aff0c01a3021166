import Crypto

/// A client that speaks TLS by itself over a `RawConnection`, record by record.
final class RawTLSConnection {
    let port: UInt16
    private let connection: RawConnection
    private let session: TLSSession

    /// Connects to `localhost` and shakes hands.
    init(port: UInt16, trusting identity: TestIdentity) throws {
        self.port = port
        connection = try RawConnection(port: port)
        session = try Self.session(identity)
        while try !session.handshake() {
            try flush()
            try take()
        }
        try flush()
    }

    /// What a client says before it has heard anything.
    static func firstBytes(trusting identity: TestIdentity) throws -> [UInt8] {
        let session = try session(identity)
        _ = try session.handshake()
        var bytes: [UInt8] = []
        session.takeOutgoing { bytes += [UInt8]($0) }
        return bytes
    }

    private static func session(_ identity: TestIdentity) throws -> TLSSession {
        try TLSSession(client: .client(trust: .authorities(file: identity.authority)), host: "localhost", isAddress: false)
    }

    /// Sends each text in a record of its own.
    func send(_ texts: String...) throws { try send(texts) }

    func send(_ texts: [String]) throws {
        for text in texts { try [UInt8](text.utf8).withUnsafeBytes { try session.write($0) } }
        try flush()
    }

    /// Says that nothing more comes, as far as TLS goes.
    func sayGoodbye() throws {
        session.finish()
        try flush()
    }

    func close() { connection.close() }

    /// Reads until `isEnough` holds for what has come, or the other side has ended.
    func receive(until isEnough: (String) -> Bool) throws -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while !isEnough(text) {
            switch try buffer.withUnsafeMutableBytes({ try session.read(into: $0) }) {
            case .bytes(let count): text += String(decoding: buffer[..<count], as: UTF8.self)
            case .none: if try !take() { return text }
            case .end: return text
            }
        }
        return text
    }

    /// False at the end of the connection.
    @discardableResult
    private func take() throws -> Bool {
        let bytes = try connection.receive()
        try bytes.withUnsafeBytes { try session.receive($0) }
        return !bytes.isEmpty
    }

    private func flush() throws {
        var bytes: [UInt8] = []
        session.takeOutgoing { bytes += [UInt8]($0) }
        try connection.send(bytes)
    }
}
