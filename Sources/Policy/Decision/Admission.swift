internal import Spec

/// The chain of rules of a request that was let in; a class, so that a decision is moved about as one reference.
final class Admission: Sendable {
    let claim: Claim
    let reservation: Reservation
    let facts: RouteFacts
    let draw: UInt64
    let order: [Target]

    init(claim: Claim, reservation: Reservation, facts: RouteFacts, draw: UInt64, order: [Target]) {
        self.claim = claim
        self.reservation = reservation
        self.facts = facts
        self.draw = draw
        self.order = order
    }

    func render(_ sink: inout some DecisionSink) {
        sink.fixed { text in
            text.member("outcome", "admitted")
            claim.grant.caller.render(&text)
            text.member("endpoint", claim.grant.endpoint.rawValue)
            text.member("requested", claim.grant.requested.map { claim.snapshot.graph.name(of: $0) })
            renderScope(&text)
        }
        sink.object("claim") { sink in
            sink.number("inputTokens", claim.inputTokens)
            sink.number("outputCap", claim.outputCap)
            sink.number("holdNanoUSD", claim.hold.rawValue)
        }
        renderHolds(&sink)
        sink.fixed { renderTargets(&$0) }
        sink.digits("draw", draw)
        sink.fixed { text in
            renderUnhealthy(&text)
            text.array("order") { text in
                for target in order { text.string(target.model.qualifiedName) }
            }
        }
    }

    /// The first scope that opens the endpoint.
    private func renderScope(_ text: inout JSONText) {
        let graph = claim.snapshot.graph
        for slot in claim.grant.caller.compiled.scopes {
            let scope = graph.scopes[Int(graph.scopeLists[Int(slot)])]
            guard scope.endpoints.contains(claim.grant.endpoint) else { continue }
            let place = graph.register.place(of: RuleReference(resource: scope.resource, field: .document))
            return text.member("scope", path: place.path, line: place.line)
        }
    }

    private func renderHolds(_ sink: inout some DecisionSink) {
        sink.array("holds") { sink in
            for hold in reservation.holds {
                sink.object { sink in
                    sink.fixed { renderBound(hold.bound, &$0) }
                    sink.number("asked", hold.ask)
                    sink.number("remaining", hold.remaining)
                }
            }
        }
    }

    private func renderBound(_ index: Int32, _ text: inout JSONText) {
        let graph = claim.snapshot.graph
        let bound = graph.bounds[Int(index)]
        let place = graph.register.place(of: bound.rule)
        text.member("rule", path: place.path, line: place.line)
        text.member("bound", bound.text)
    }

    /// Every model behind the name, and why those left out were.
    private func renderTargets(_ text: inout JSONText) {
        guard let requested = claim.grant.requested else { return }
        let graph = claim.snapshot.graph
        let considered = graph.isRoute(requested) ? graph.route(requested).models : [requested.index]
        text.array("targets") { text in
            for model in considered {
                text.object { text in
                    text.member("model", graph.models[Int(model)].qualifiedName)
                    renderVerdict(on: model, requested, &text)
                }
            }
        }
    }

    private func renderVerdict(on model: Int32, _ requested: NameEntry, _ text: inout JSONText) {
        if let position = claim.targets.firstIndex(of: model) {
            return text.member("verdict", reservation.admits(position) ? "possible" : "no room in a limit or budget")
        }
        guard !claim.grant.targets.contains(model) else {
            let isPriced = claim.snapshot.graph.models[Int(model)].prices(at: claim.now, for: claim.endpoint) != nil
            return text.member("verdict", isPriced ? "input too long" : "unpriced or input too long")
        }
        text.member("verdict", "denied")
        let caller = claim.grant.caller
        if let rule = claim.snapshot.objection(
            to: model, as: requested, key: caller.compiled, endpoint: claim.grant.endpoint)
        {
            let place = claim.snapshot.graph.register.place(of: rule)
            text.member("rule", path: place.path, line: place.line)
        }
    }

    private func renderUnhealthy(_ text: inout JSONText) {
        guard order.contains(where: { !facts.isHealthy($0.model) }) else { return }
        text.array("unhealthy") { text in
            for target in order where !facts.isHealthy(target.model) { text.string(target.model.qualifiedName) }
        }
    }
}
