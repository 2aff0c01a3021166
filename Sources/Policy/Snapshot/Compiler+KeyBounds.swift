internal import Spec

/// What binds a key from around it, be it declared or minted in a pool.
extension Compiler {
    /// The networks that a key names, else those that its organization gives keys that name none.
    mutating func networks(
        _ networks: [Network], denied: [Network] = [], by rule: RuleReference, in org: Int32
    ) -> CompiledNetworks {
        let denied = list(denied)
        if networks.isEmpty, let defaults = keyDefaults[org]?.networks, !defaults.isEmpty {
            let rule = RuleReference(resource: graph.orgs[Int(org)].resource, field: .keyDefaultNetworks)
            return CompiledNetworks(allowed: list(defaults), denied: denied, allowing: rule)
        }
        return CompiledNetworks(allowed: list(networks), denied: denied, allowing: rule)
    }

    private mutating func list(_ networks: [Network]) -> Range<Int32> {
        let start = Int32(graph.networks.count)
        graph.networks.append(contentsOf: networks.map(CompiledNetwork.init))
        return start..<Int32(graph.networks.count)
    }

    /// What is counted for one key: its own bounds, the organization's where it names no `limits`, and the plan's.
    mutating func bounds(of key: Int32, limits: [Limit], _ declared: [Int32], in org: Int32) -> [Int32] {
        var own = declared
        if limits.isEmpty, let defaults = keyDefaults[org] {
            own = bounds(
                defaults.limits, of: graph.orgs[Int(org)].resource, at: RuleField.keyDefaultLimit, counted: key, beside: own)
        }
        if let (plan, terms) = plans[org] {
            own = bounds(terms.perKey.limits, of: plan, at: RuleField.perKeyLimit, counted: key, beside: own)
        }
        return own
    }

    /// Lists a key's bounds: the nearest first, then those of what it belongs to, from near to far.
    mutating func list(_ nearest: [Int32], tags: [String: String], project: Int32, member: Int32, org: Int32) -> Range<Int32> {
        let start = Int32(graph.boundLists.count)
        graph.boundLists += nearest
        if !budgetsOfTag.isEmpty {
            for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
                graph.boundLists += budgetsOfTag[InOrg(org: org, name: "\(name)=\(value)")] ?? []
            }
        }
        if project >= 0 { graph.boundLists += boundsOfProject[Int(project)] }
        if member >= 0 { graph.boundLists += boundsOfMember[Int(member)] }
        graph.boundLists += boundsOfOrg[Int(org)]
        return start..<Int32(graph.boundLists.count)
    }
}
