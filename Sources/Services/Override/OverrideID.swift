internal import Policy
internal import Spec
internal import Store

/// The id of an override as people write it: the whole of it, or the first characters.
struct OverrideID {
    let text: String

    /// Fewer begin too many ids.
    private static let lengthMin = 4

    /// The one that is meant, over or not. Throws `RequestRefusal` where there is none, several, or one that this program cannot read.
    func find(_ transaction: Transaction, _ tenancy: Tenancy) throws -> Override {
        let prefix = text.lowercased()
        guard prefix.utf8.count >= Self.lengthMin else {
            throw RequestRefusal("`\(text.printable)` is too short for an id", .misworded, hint: "charter override list shows the ids")
        }
        let found = try Overrides.find(transaction, tenancy, uidPrefix: prefix)
        guard found.overrides.count + found.unreadable.count < 2 else {
            throw RequestRefusal("several overrides begin with \(text.printable)", .misworded)
        }
        if let row = found.unreadable.first { throw RequestRefusal("\(row)", hint: "a newer version of charter may know it") }
        guard let override = found.overrides.first else { throw RequestRefusal("there is no override \(text.printable)", .missing) }
        return override
    }
}
