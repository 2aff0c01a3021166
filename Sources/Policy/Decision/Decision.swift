internal import Spec

/// Why a request was answered as it was: every rule it met, by path and line.
///
/// Cheap to make, since it holds indexes; text comes about when it is rendered or sealed. Until then an admitted
/// decision keeps its snapshot alive, so the owner of a long stream seals it.
package struct Decision: Sendable {
    private enum Chain: Sendable {
        case admitted(Admission)
        case refused(Refusal, Caller?, RequestFacts)
        /// Members of the JSON object, without braces.
        case sealed([UInt8])
    }

    private var chain: Chain
    package private(set) var attempts: [Attempt] = []

    /// A request that was let in, and the order in which its models are to be tried.
    package init(
        admitted claim: Claim, as reservation: Reservation, facts: RouteFacts, draw: UInt64, order: [Target]
    ) {
        chain = .admitted(Admission(claim: claim, reservation: reservation, facts: facts, draw: draw, order: order))
    }

    /// A request that was not; `caller` is nil where the key was not accepted.
    package init(refused refusal: Refusal, caller: Caller?, facts: RequestFacts) {
        chain = .refused(refusal, caller, facts)
    }

    package mutating func record(_ attempt: Attempt) { attempts.append(attempt) }

    /// Renders what is known so far and lets go of the snapshot.
    package mutating func seal() {
        if case .sealed = chain { return }
        var text = JSONText()
        renderMembers(&text)
        chain = .sealed(text.bytes)
    }

    /// One compact JSON object.
    package var json: String {
        guard case .admitted(let admission) = chain else { return render { renderMembers(&$0) } }
        var texts = DecisionTexts(admission.claim.snapshot)
        return json(using: &texts)
    }

    /// The same with `texts` of the snapshot that was asked; others are not used.
    package func json(using texts: inout DecisionTexts) -> String {
        guard case .admitted(let admission) = chain, admission.claim.snapshot === texts.snapshot else {
            return render { renderMembers(&$0) }
        }
        return render { admission.render(&$0, &texts) }
    }

    private func render(_ members: (inout JSONText) -> Void) -> String {
        var text = JSONText()
        text.object { text in
            members(&text)
            text.array("attempts") { text in
                for attempt in attempts { attempt.render(&text) }
            }
        }
        return text.json
    }

    private func renderMembers(_ text: inout JSONText) {
        switch chain {
        case .sealed(let members): text.splice(members)
        case .admitted(let admission):
            var texts = DecisionTexts(admission.claim.snapshot)
            admission.render(&text, &texts)
        case .refused(let refusal, let caller, let facts): Self.render(refusal, caller, facts, &text)
        }
    }

    private static func render(
        _ refusal: Refusal, _ caller: Caller?, _ facts: RequestFacts, _ text: inout JSONText
    ) {
        text.member("outcome", "refused")
        caller?.render(&text)
        text.member("endpoint", facts.endpoint.rawValue)
        text.member("requested", facts.model)
        text.object("refusal") { text in
            text.member("code", refusal.code.rawValue)
            text.member("message", refusal.message)
            guard let rule = refusal.rule else { return }
            text.member("resource", rule.resource.description)
            text.member("field", rule.field)
            guard let origin = rule.origin else { return }
            text.member("rule", path: origin.path, line: Int32(clamping: origin.line))
            text.member("commit", origin.commit)
        }
    }
}

extension Caller {
    /// The revision and the key that was presented.
    func render(_ text: inout JSONText) {
        let entry = snapshot.graph.register.entries[Int(compiled.resource)]
        text.member("revision", snapshot.revision.id)
        text.member("commit", snapshot.revision.commit)
        text.member("key", entry.key.description)
        text.member("keyUID", entry.uid)
        text.member("secret", Int64(secret.ordinal))
    }
}
