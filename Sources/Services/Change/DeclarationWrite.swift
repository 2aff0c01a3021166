internal import HTTP
internal import Spec
internal import Store

/// One resource that a call is about to change, as it is applied, where the call's conditions hold; a value.
struct DeclarationWrite {
    let call: AdminCall
    let key: ResourceKey
    /// Nil where it is not applied.
    let row: StoredResource?
    /// How the resource is shown, as its GET does.
    let show: ShownResource
    let unit: String
    private var expecting: [ResourceKey: String?]
    /// What If-Match: * asks for.
    private let present: Set<ResourceKey>

    /// Throws `changedMeanwhile` where If-Match or If-None-Match (RFC 9110 §13.1) asks for something else than what is applied.
    init(
        _ call: AdminCall, _ key: ResourceKey, _ transaction: Transaction, show: ShownResource
    ) throws {
        (self.call, self.key, self.show) = (call, key, show)
        row = try Resources.one(transaction, key)
        unit = try row?.unit ?? call.unit(of: key.org, transaction)
        present = call.request.field("if-match") == "*" ? [key] : []
        expecting = try Self.expected(call, key, row) { AdminAnswer(try show.json($0, transaction)).etag }
    }

    private static func expected(
        _ call: AdminCall, _ key: ResourceKey, _ row: StoredResource?, etag: (StoredResource) throws -> String
    ) throws -> [ResourceKey: String?] {
        try call.requireMatch { try row.map(etag) }
        if call.request.headers.contains("if-none-match") {
            guard call.request.field("if-none-match") == "*" else { throw Problem(.malformed, "If-None-Match of a change is *") }
            guard row == nil else { throw Problem(.changedMeanwhile, "it is there already") }
            return [key: nil]
        }
        return call.isConditional ? [key: row?.seen] : [:]
    }

    /// Throws what is answered of a resource that is not applied.
    func applied() throws(Problem) -> StoredResource {
        guard let row else { throw .notFound }
        return row
    }

    /// The same where nobody else declares it meanwhile.
    var expectingAbsence: DeclarationWrite {
        var write = self
        write.expecting[key] = .some(nil)
        return write
    }

    // MARK: Steps

    /// Has it say exactly this.
    func declare(_ canonical: String, isExact: Bool = false) throws -> AdminAnswer {
        let receipt = try ask(row == nil ? "Add" : "Replace", [.declare(key, canonical: canonical)], isExact: isExact)
        return try answer(receipt)
    }

    /// `isAlone` where what it names is to be so whatever others say there meanwhile.
    func patch(_ patch: MergePatch, isAlone: Bool = false) throws -> AdminAnswer {
        let declared = try JSONReader.parse(try applied().canonical)
        let operations = patch.operations(on: declared)
        guard !operations.isEmpty else { throw Problem(.invalidBody, "the patch changes nothing") }
        // What cannot be is told at once, with its place in the body.
        _ = try DeclarationBody.canonical(of: key, patch.applied(to: declared))
        return try answer(ask("Change", [.edit(key, operations)], isExact: !isAlone && patch.restsOnAbsence(in: declared)))
    }

    func remove() throws -> AdminAnswer { try remove(.remove(key)) }

    /// By a step that may take more with it.
    func remove(_ step: ChangePatch.Step) throws -> AdminAnswer {
        _ = try applied()
        return try answer(ask("Remove", [step]))
    }

    /// `isExact` where the steps follow from what is applied, so that nothing else may stand on the branch.
    func ask(_ verb: String, _ steps: [ChangePatch.Step], isExact: Bool = false) throws -> ChangeReceipt {
        var expecting = expecting
        if isExact { expecting[key] = .some(row?.seen) }
        return try call.declare("\(verb) \(key)", steps, org: key.org, unit: unit, expecting: expecting, present: present)
    }

    // MARK: Answers

    private func answer(_ receipt: ChangeReceipt) throws -> AdminAnswer {
        try Self.answer(call, receipt, key, created: row == nil && !receipt.isRepeated, show: show)
    }

    static func answer(
        _ call: AdminCall, _ receipt: ChangeReceipt, _ key: ResourceKey, created: Bool, more: [(String, JSONTree)] = [],
        show: ShownResource
    ) throws -> AdminAnswer {
        // Whoever may only propose may not read by the way.
        let resource: JSONTree = try !call.caller.may(show.permission, in: key.org) ? .null : call.connection.transaction(.repeatableRead) { transaction in
            try Resources.one(transaction, key).map { try show.json($0, transaction) } ?? .null
        }
        let members: [(String, JSONTree)] = [("change", AdminTable.json(receipt.request)), ("resource", resource)]
        return call.answer(receipt, created: created, .object(members + more))
    }
}

/// How resources of a kind are told, and to whom; a value.
struct ShownResource: Sendable {
    var permission: Permission
    /// What a GET of one answers.
    var shape: AdminShape
    var json: @Sendable (StoredResource, Transaction) throws -> JSONTree

    /// As most are: with the whole declaration.
    static func declared(_ permission: Permission) -> ShownResource {
        ShownResource(permission: permission, shape: AdminTable.declared) { row, _ in AdminTable.json(row) }
    }

    /// What a change of one answers.
    var written: AdminShape { .object(["change": AdminTable.change, "resource": .optional(shape)]) }
}
