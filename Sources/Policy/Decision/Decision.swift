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
    /// The client's own, if it named one.
    package var trace: TraceID?

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
        var text = FormText()
        renderMembers(&text)
        var numbers = DecisionNumbers()
        renderMembers(&numbers)
        chain = .sealed(Array(text.form.filled(with: numbers.values).utf8))
    }

    /// One compact JSON object.
    package var json: String { form.filled(with: numbers) }

    /// The record without its numbers.
    package var form: DecisionForm {
        var text = FormText()
        render(&text)
        return text.form
    }

    /// What the form's blanks hold.
    package var numbers: [Int64] {
        var numbers = DecisionNumbers()
        render(&numbers)
        return numbers.values
    }

    /// Equal for decisions of one snapshot that were made alike, and so have one form; nil for one of its kind.
    package var formKey: DecisionFormKey? {
        if case .admitted(let admission) = chain { DecisionFormKey(admission, attempts, trace) } else { nil }
    }

    private func render(_ sink: inout some DecisionSink) {
        sink.object { sink in
            renderMembers(&sink)
            if let trace { sink.digits("trace", trace) }
            sink.array("attempts") { sink in
                for attempt in attempts { attempt.render(&sink) }
            }
        }
    }

    private func renderMembers(_ sink: inout some DecisionSink) {
        switch chain {
        case .sealed(let members): sink.fixed { $0.splice(members) }
        case .admitted(let admission): admission.render(&sink)
        case .refused(let refusal, let caller, let facts): sink.fixed { Self.render(refusal, caller, facts, &$0) }
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
