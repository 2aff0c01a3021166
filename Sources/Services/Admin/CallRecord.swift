internal import HTTP
internal import Spec

/// What the log says of one call; a value.
struct CallRecord {
    let id: String
    let received: ContinuousClock.Instant
    private let method: String
    let path: String
    private let isLocal: Bool
    /// Where it came from; nil where that is not known.
    var address: String?
    /// Nil until it is found.
    var route: String?
    var caller: Caller?
    /// Why there is no answer, for whoever reads the log alone.
    var reason: String?

    init(_ request: AdminRequest) {
        (id, received, method, path) = (request.id, request.received, request.method.rawValue, request.path)
        (isLocal, address) = (request.process != nil, request.origin)
    }

    /// Of what was refused before it was a call; nil where not even its head could be read.
    init(refused request: RequestHead?, isLocal: Bool) {
        (id, received, method, path) = (AdminRequest.freshID(), .now, request?.method.rawValue ?? "-", request?.path ?? "-")
        self.isLocal = isLocal
    }

    /// One line of `name=value`.
    func line(status: Int) -> String {
        let milliseconds = (ContinuousClock.now - received) / .milliseconds(1)
        var members = [
            ("id", id), ("method", method), ("path", path.shortened(to: Self.pathMax)), ("route", route ?? "-"), ("status", String(status)),
            ("name", caller?.name ?? "-"), ("proof", caller?.proof.word ?? "-"), ("address", isLocal ? "local" : address ?? "-"),
            ("ms", String(Int(milliseconds))),
        ]
        if let reason { members.append(("reason", reason)) }
        return "call " + members.map { "\($0)=\(Self.quoted($1.printable))" }.joined(separator: " ")
    }

    private static let pathMax = 256

    private static func quoted(_ value: String) -> String {
        guard value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" }) else { return value }
        return "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension Caller.Proof {
    /// Its kind, with which one it was.
    fileprivate var word: String {
        switch self {
        case .key(let id): "key:\(id)"
        case .token(let issuer, _): "token:\(issuer)"
        case .socket(let account): "socket:\(account)"
        }
    }
}
