internal import Spec
internal import Store

/// What a call changes of a declared key: its fields that are to be set, and the key as it will be; a value.
struct KeyEdit {
    private(set) var fields: [(pointer: String, value: JSONTree?)] = []
    private(set) var key: DeclaredKey

    /// Throws what is wrong with the first field that is, and where there is none.
    init(_ body: AdminBody, of key: DeclaredKey) throws(Problem) {
        self.key = key
        try setName(body.text("name"))
        if let scopes = body.texts("permissions") {
            self.key.spec.scopes = scopes
            fields.append(("/spec/scopes", .strings(scopes)))
        }
        try setRate(body.integer("rateLimit"))
        try setExpiry(body.text("expiresAt"))
        if fields.isEmpty { throw Problem(.invalidBody, "nothing is to be changed: name a field") }
    }

    private mutating func setName(_ name: String?) throws(Problem) {
        guard let name else { return }
        let title = try ResourceTitle(name, field: "name")
        key.spec.description = title.text
        fields.append(("/spec/description", .string(title.text)))
    }

    /// In place of the limit of that sort that it has; others stay.
    private mutating func setRate(_ number: Int64?) throws(Problem) {
        guard let rate = try RequestRate.given(number, "rateLimit") else { return }
        key.spec.limits.removeAll { $0.quantity == rate.quantity && $0.window == rate.window && !$0.perModel }
        key.spec.limits.append(rate)
        fields.append(("/spec/limits", .strings(key.spec.limits.map(\.text))))
    }

    private mutating func setExpiry(_ text: String?) throws(Problem) {
        guard let text else { return }
        do { key.spec.expires = try Instant.parse(text) } catch {
            throw Problem(.invalidBody, "expiresAt is no date and no moment: \(error.message)")
        }
        fields.append(("/spec/expires", .string(text)))
    }
}
