internal import Crypto
internal import HTTP
internal import Spec
internal import Store

/// Calls that change what is declared.
extension AdminCall {
    /// Asks for a change in the caller's name, with the call's Idempotency-Key, and waits a little for its end.
    ///
    /// `unit` is the one that declares the organization, or the platform, where it is nil; `expecting` what the caller saw, by
    /// SHA-256 of canonical texts, with nil for what was not declared; `present` what must be there still. A call that was made before is
    /// answered with its own change, marked as repeated, whatever the steps are now. Throws `Problem` where the change is refused.
    func declare(
        _ title: String, _ steps: [ChangePatch.Step], org: String?, unit: String?, expecting: [ResourceKey: String?] = [:],
        present: Set<ResourceKey> = []
    ) throws -> ChangeReceipt {
        let caller = try memberName()
        let unit = try unit ?? connection.transaction { try self.unit(of: org, $0) }
        let terms = ChangeTerms(
            unit: unit, caller: caller, purpose: query["reason"] ?? "", idempotencyKey: try idempotencyKey(), call: fingerprint)
        // A key may carry less than its owner has, whose rights the reconciler judges by.
        let mayWrite = self.caller.may(.configWrite, in: org ?? self.caller.org)
        let patch = ChangePatch(steps, expected: expecting, present: present, isProposal: !mayWrite)
        return try ended { try ChangeCall(org, title, patch, terms).run(connection) }
    }

    /// What the same call asked for before, by its Idempotency-Key: to be looked for before anything that the change itself has moved.
    func repeated() throws -> ChangeReceipt? {
        guard let key = try idempotencyKey() else { return nil }
        let caller = try memberName()
        let known = try asking {
            try connection.transaction { try ChangeRequests.earlier($0, caller: caller, key: key, call: fingerprint) }
        }
        return try known.map { known in try ended { ChangeReceipt(request: known, isRepeated: true) } }
    }

    /// 201 or 200 once the change is enforced, else 202; `location` tells where it can be followed.
    func answer(_ receipt: ChangeReceipt, created: Bool, _ json: JSONTree) -> AdminAnswer {
        let isEnforced = receipt.request.state == .enforced
        var answer = AdminAnswer(isEnforced ? created ? 201 : 200 : 202, json)
        if route.locates { answer.headers.add("location", AdminTable.changesPath + "/" + receipt.request.uid) }
        return answer
    }

    /// The unit that an organization is declared in; the platform's where there is none of that name, or no organization is meant.
    func unit(of org: String?, _ transaction: Transaction) throws -> String {
        if let org, let row = try Resources.one(transaction, ResourceKey(org: org, kind: .organization, name: org)) { return row.unit }
        return try UnitOwnership.platform(transaction)
    }

    /// What was asked for once it is over, or as it stands after a little. Throws `Problem` where that is refused.
    func ended(_ ask: () throws -> ChangeReceipt) throws -> ChangeReceipt { try ended(all: { [try ask()] })[0] }

    /// The same of several at once, of which some may be refused: throws where all are.
    func ended(all ask: () throws -> [ChangeReceipt]) throws -> [ChangeReceipt] {
        let receipts = try waits.ending(of: asking(ask), connection)
        let isRefused = !receipts.isEmpty && receipts.allSatisfy { [.refused, .withdrawn].contains($0.request.state) }
        if isRefused { throw Problem(receipts[0].request) }
        return receipts
    }

    /// Throws for one who may ask for no change there, whatever else the call takes; `org` is nil for the platform.
    func requireChange(of org: String?, _ why: String) throws(Problem) {
        guard !Self.changing.contains(where: { caller.may($0, in: org) }) else { return }
        throw Problem(.forbidden, "\(why): this takes \(Self.changing.map(\.rawValue).joined(separator: " or ")) too")
    }

    /// Any of which lets ask for changes.
    static let changing: [Permission] = [.configPropose, .configWrite]

    /// What cannot be asked for is a problem.
    func asking<Result>(_ ask: () throws -> Result) throws -> Result {
        do { return try ask() } catch let refusal as ChangeRefused {
            throw Problem(.conflict, refusal.description)
        } catch let conflict as IdempotencyConflict {
            throw Problem(.conflict, conflict.description)
        }
    }

    /// `organization/member`.
    func memberName() throws(Problem) -> String {
        guard let member = caller.member else {
            throw Problem(.forbidden, "what is declared is changed in a member's name: present a member's key or token")
        }
        return member.auditName
    }

    /// All that tells the call from another one.
    var fingerprint: String {
        JSONTree.array([
            .string(request.method.rawValue), .string(request.path), .optional(request.query), .optional(request.field("if-match")),
            .optional(request.field("if-none-match")), .string(SHA256.digest(request.body).hex),
        ]).text
    }
}

extension Problem {
    /// What a change that was refused or withdrawn comes to for whoever asked for it.
    init(_ request: ChangeRequest) {
        let code: Code =
            switch request.refusalWord {
            case .forbidden: .forbidden
            case .changedMeanwhile: .changedMeanwhile
            case .mistake: .invalidBody
            case nil: .conflict
            }
        self.init(code, (request.place.map { "\($0): " } ?? "") + (request.reason ?? "the change was withdrawn"))
    }
}
