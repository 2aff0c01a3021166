internal import Crypto
internal import Spec
internal import Store

/// The uid of the override that a call with an idempotency key sets: half of it tells who asked where by which key, the other half for what.
/// So the same call finds what it did before, however long ago, and another one with the same key is known for one. A value.
struct OverrideName {
    let uid: String

    /// Nil for a call without a key.
    init?(of call: AdminCall) throws(Problem) {
        guard let key = try call.idempotencyKey() else { return nil }
        let who = Array(SHA256.digest("\(call.caller.name)\n\(call.request.path)\n\(key)").hex)
        let what = Array(SHA256.digest(call.request.body).hex)
        // Version 8 (RFC 9562): what the other bits are is this program's affair.
        uid = "\(String(who[..<8]))-\(String(who[8..<12]))-8\(String(who[12..<15]))-8\(String(what[..<3]))-\(String(what[3..<15]))"
    }

    /// What was set by it; nil where nothing was. Throws where the key was used for something else.
    func find(_ transaction: Transaction, _ tenancy: Tenancy) throws -> Override? {
        let found = try Overrides.find(transaction, tenancy, uidPrefix: String(uid.prefix(Self.whoLength)))
        if let same = found.overrides.first(where: { $0.uid == uid }) { return same }
        guard found.overrides.isEmpty, found.unreadable.isEmpty else { throw Self.isUsed }
        return nil
    }

    /// To be asked after its override was written: of two calls at once the later one, which waited for the other, finds both.
    func checkAlone(_ transaction: Transaction) throws {
        let found = try Overrides.find(transaction, .everything, uidPrefix: String(uid.prefix(Self.whoLength)))
        guard found.overrides.count + found.unreadable.count == 1 else { throw Self.isUsed }
    }

    private static var isUsed: Problem { Problem(.conflict, "the Idempotency-Key was used for another override") }

    /// Characters of the uid that come of the caller and the key.
    private static let whoLength = 18
}
