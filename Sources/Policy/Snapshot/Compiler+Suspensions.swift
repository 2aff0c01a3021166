internal import Spec

/// What is declared and does not count for a time.
extension Compiler {
    /// The suspensions of these resources that are suspended, as a range of the graph's.
    mutating func suspensions(of resources: [(resource: Int32, noun: String)]) -> Range<Int32> {
        let start = Int32(graph.suspensions.count)
        for (resource, noun) in resources {
            guard let suspension = suspended[resource] else { continue }
            graph.suspensions.append(
                CompiledSuspension(
                    resource: resource, until: suspension.until?.milliseconds ?? .max,
                    message: "\(noun) is suspended: \(suspension.reason)"))
        }
        return start..<Int32(graph.suspensions.count)
    }

    /// Adds a resource to the register, and notes its suspension.
    mutating func register(_ governed: GovernedResource) -> Int32 {
        let index = graph.register.add(governed)
        if let suspension = governed.resource.suspension { suspended[index] = suspension }
        return index
    }
}

extension Snapshot {
    /// The refusal of the first of these suspensions that holds.
    func objection(ofSuspensions range: Range<Int32>, now: Instant) -> Refusal? {
        for index in range {
            let suspension = graph.suspensions[Int(index)]
            guard now.milliseconds < suspension.until else { continue }
            return Refusal(
                .suspended, suspension.message, rule: rule(of: suspension),
                resetsAt: suspension.until == .max ? nil : Instant(milliseconds: suspension.until))
        }
        return nil
    }

    private func rule(of suspension: CompiledSuspension) -> Rule {
        guard suspension.override >= 0 else { return rule(RuleReference(resource: suspension.resource, field: .suspend)) }
        var rule = rule(RuleReference(resource: suspension.resource, field: .document))
        rule.origin = RuleOrigin(graph.overrides[Int(suspension.override)])
        return rule
    }
}
