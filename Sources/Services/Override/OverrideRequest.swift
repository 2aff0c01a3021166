internal import Crypto
internal import Policy
package import Spec
package import Store

/// `charter override set` and `deny`: other values, or nobody's use, of one resource for a time.
package struct OverrideRequest: Sendable {
    package enum Wish: Hashable, Sendable {
        case denial
        /// `limit=400USD`: a field and its value each.
        case values([String])
    }

    /// `budget/acme/monthly`, `key/acme/checkout`, `model/openai/gpt-4o`.
    package var target: String
    package var wish: Wish
    package var end: OverrideEnd
    package var actor: String
    package var reason: String
    /// Who asks where that is not the host's operator: then `override.write` is needed, and other organizations are not there.
    package var caller: Caller?
    /// The same however often the request is run, so that it takes effect once.
    private var uid = SecureRandom.uuid()
    /// Where whoever asks has named the request: another one of that name is refused.
    var name: OverrideName? { didSet { uid = name?.uid ?? uid } }

    package init(target: String, _ wish: Wish, until end: OverrideEnd, actor: String, reason: String, caller: Caller? = nil) {
        self.target = target
        self.wish = wish
        self.end = end
        self.actor = actor
        self.reason = reason
        self.caller = caller
    }

    /// Does it in one transaction, with its row in the audit and its event. Throws `RequestRefusal` where the target is not applied, the
    /// values are not valid, or the end is too far.
    package func run(_ connection: Connection) throws -> OverrideReceipt {
        guard reason.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw RequestRefusal("an override needs a reason", .misworded)
        }
        guard reason.utf8.count <= Override.textBytesMax else {
            throw RequestRefusal("the reason has \(reason.utf8.count) bytes, more than \(Override.textBytesMax)", .misworded)
        }
        return try connection.transaction { transaction in
            let now = try transaction.clock()
            let found = try OverrideTarget(target, transaction, caller?.tenancy ?? .everything)
            guard caller?.may(.overrideWrite, in: found.key.org) ?? true else {
                throw RequestRefusal("\(actor) may not override \(found.key): that needs \(Permission.overrideWrite.rawValue)", .forbidden)
            }
            let override = Override(
                uid: uid, target: found.key, targetUID: found.uid, part: found.part, effect: try effect(found, transaction), owner: actor,
                reason: reason, baseRevision: try Revisions.currentID(transaction), createdAt: now, expiresAt: try end.moment(from: now))
            if try Overrides.open(transaction, override, actor: actor) { try name?.checkAlone(transaction) }
            return OverrideReceipt(override: override, declared: found.declared)
        }
    }

    private func effect(_ found: OverrideTarget, _ transaction: Transaction) throws -> Override.Effect {
        switch wish {
        case .denial:
            guard TargetName.deniable.contains(found.key.kind) else {
                throw RequestRefusal("\(found.key.kind.withArticle) is nothing that is used, so it cannot be denied", .misworded)
            }
            return .denial
        case .values(let words):
            guard let declared = found.declared, found.part == nil else {
                throw RequestRefusal("\(found.key) is not declared, so it has no values to change; it can be denied", .misworded)
            }
            let patch = try OverrideValues(declared, words).patch
            try check(patch, over: declared, beside: Overrides.inForce(transaction, caller?.tenancy ?? .everything).filter { $0.targetUID == found.uid })
            return .patch(patch)
        }
    }

    /// Refuses what could not be laid over the others that are in force, as every gateway does.
    private func check(_ patch: ResourcePatch, over declared: Resource, beside others: [Override]) throws {
        do throws(PatchProblem) {
            var patched = try PatchedResource(declared)
            for other in others {
                // One that changes nothing is in nobody's way.
                if case .patch(let earlier) = other.effect { try? patched.lay(earlier, number: 0) }
            }
            try patched.lay(patch, number: 0)
        } catch {
            throw RequestRefusal("\(declared.key) cannot be that under the overrides that are in force: \(error)", hint: "charter override list shows them")
        }
    }
}

/// That an override is in force.
package struct OverrideReceipt: Sendable {
    package let override: Override
    let declared: Resource?

    package var text: String {
        let end = "until \(override.expiresAt.iso8601); charter override end \(override.shortID) ends it before"
        switch override.effect {
        case .denial: return "\(override.subject) is denied \(end)."
        case .patch(let patch):
            let changes = patch.ordered.map { field in
                "  \(field.pointer)  \(field.value), declared \(declared?.canonicalScalar(at: field.pointer) ?? "nothing")"
            }
            return (["\(override.subject) is overridden \(end):"] + changes).joined(separator: "\n")
        }
    }

    package var json: JSONTree { .object([("format", .int(1)), ("override", override.json)]) }
}
