internal import HTTP
internal import Spec

/// What an issuer's key has put its name to; whether it is for us, and for now, `check` says.
struct TokenClaims {
    let issuer: String
    /// Never empty.
    let subject: String
    let audiences: [String]
    private let payload: [UInt8]
    /// In seconds since 1970.
    private let expires: Int64
    private let notBefore: Int64?
    private let issuedAt: Int64?

    private static let subjectBytesMax = 255
    private static let audiencesMax = 32
    private static let groupsMax = 500
    /// How far an issuer's clock may be from ours, in seconds.
    private static let leeway: Int64 = 60
    /// The end of the year 9999.
    private static let secondsMax: Int64 = 253_402_300_799

    init(_ payload: [UInt8], issuer: String) throws {
        self.issuer = issuer
        self.payload = payload
        (subject, audiences, expires, notBefore, issuedAt) = try TokenJSON.read(payload) { scan in
            guard let expires = try Self.moment("exp", scan) else { throw TokenProblem("it has no `exp`") }
            return (try Self.subject(scan), try Self.audiences(scan), expires, try Self.moment("nbf", scan), try Self.moment("iat", scan))
        }
    }

    private static func subject(_ scan: JSONScan) throws -> String {
        guard let subject = scan["sub"]?.string(), (1...subjectBytesMax).contains(subject.utf8.count) else {
            throw TokenProblem("its `sub` names nobody")
        }
        return subject
    }

    private static func audiences(_ scan: JSONScan) throws -> [String] {
        guard let value = scan["aud"] else { throw TokenProblem("it has no `aud`") }
        if let one = value.string() { return [one] }
        guard let list = value.array() else { throw TokenProblem("its `aud` is neither a text nor a list") }
        let names = list.prefix(audiencesMax + 1).map { $0.string() }
        guard names.count <= audiencesMax, !names.contains(nil) else { throw TokenProblem("its `aud` is no list of texts") }
        return names.compactMap(\.self)
    }

    /// A whole number of seconds, written as one: what parsers round differently is refused.
    private static func moment(_ name: String, _ scan: JSONScan) throws -> Int64? {
        guard let value = scan[name] else { return nil }
        guard let seconds = value.int(), (0...secondsMax).contains(seconds) else { throw TokenProblem("its `\(name)` is no time") }
        return seconds
    }

    /// Throws `TokenProblem` unless it is for `audience`, and good at `now`.
    func check(audience: String, now: Instant) throws {
        guard audiences.contains(audience) else { throw TokenProblem("it is not for `\(audience)`") }
        let seconds = now.milliseconds / 1000
        guard seconds < expires + Self.leeway else { throw TokenProblem("it has expired") }
        for (name, moment) in [("nbf", notBefore), ("iat", issuedAt)] {
            if let moment, moment > seconds + Self.leeway { throw TokenProblem("its `\(name)` is in the future") }
        }
    }

    /// The names in a claim that is a text or a list of texts; anything else names no group.
    func groups(in claim: String) throws -> Set<String> {
        try TokenJSON.read(payload) { scan in
            guard let value = scan[claim] else { return [] }
            if let one = value.string() { return [one] }
            guard let list = value.array() else { return [] }
            return Set(list.prefix(Self.groupsMax).compactMap { $0.string() })
        }
    }
}
