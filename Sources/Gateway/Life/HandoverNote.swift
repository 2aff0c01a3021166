internal import HTTP

/// What two gateways say to each other when one takes the other's place. Messages are lines of text.
enum HandoverNote: Hashable {
    /// From the new one, to begin.
    case hello
    /// The old one cannot be followed at present: it starts itself, or is already being followed.
    case busy(String)
    /// What the old one hands on. With it come the descriptors: first the lock of the state directory, then the sockets, which
    /// may be a service manager's.
    case offer(epoch: Int64, isActivated: Bool, roles: [ListenerRole])
    /// The new one serves; the old one is to stop accepting.
    case serving
    /// The old one has.
    case released

    static let socketName = "handover.sock"
    private static let version = "charter-handover 1"
    private static let own = "own"
    private static let managers = "activated"

    var text: String {
        switch self {
        case .hello: "\(Self.version)\nhello"
        case .busy(let reason): "\(Self.version)\nbusy \(reason)"
        case .offer(let epoch, let isActivated, let roles):
            "\(Self.version)\noffer \(epoch) \(isActivated ? Self.managers : Self.own) \(roles.map(\.rawValue).joined(separator: ","))"
        case .serving: "\(Self.version)\nserving"
        case .released: "\(Self.version)\nreleased"
        }
    }

    /// Nil for what this version does not understand.
    init?(_ text: String) {
        let lines = text.split(separator: "\n", maxSplits: 1)
        guard lines.count == 2, lines[0] == Self.version else { return nil }
        let words = lines[1].split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        switch words[0] {
        case "hello": self = .hello
        case "busy": self = .busy(words.dropFirst().joined(separator: " "))
        case "serving": self = .serving
        case "released": self = .released
        case "offer":
            guard words.count == 4, let epoch = Int64(words[1]), [Self.own, Self.managers].contains(words[2]) else { return nil }
            let roles = words[3].split(separator: ",").map { ListenerRole(rawValue: String($0)) }
            guard !roles.contains(nil) else { return nil }
            self = .offer(epoch: epoch, isActivated: words[2] == Self.managers, roles: roles.compactMap(\.self))
        default: return nil
        }
    }
}
