/// Budgets of models that hand requests to each other in a circle once they are spent.
struct DowngradeCycles {
    private(set) var diagnostics: [Diagnostic] = []

    /// Budgets of one organization that are followed; more than this of patterns and models is no work of hand.
    private static let stepsMax = 500

    /// A budget of a model, with the model that takes over last.
    private struct Step {
        var pattern: ModelPattern
        var target: String
        /// The models that the target means, which are several where it is a route.
        var models: [String]
        var name: String
        var place: Place?

        func takes(_ other: Step) -> Bool {
            pattern.matches(other.target) || other.models.allSatisfy { pattern.matches($0) }
        }
    }

    init(_ graph: Graph) {
        var steps: [String: [Step]] = [:]
        for (key, declared) in graph.inOrder where key.kind == .budget {
            guard let org = key.org, let resource = declared.document.resource ?? declared.document.draft, let step = Self.step(of: resource, in: graph)
            else { continue }
            steps[org, default: []].append(step)
        }
        for org in steps.keys.sorted() {
            guard let steps = steps[org], steps.count > 1, steps.count <= Self.stepsMax else { continue }
            check(steps)
        }
    }

    /// Of several downgrades in one budget only the last can take over from another budget.
    private static func step(of resource: Resource, in graph: Graph) -> Step? {
        guard case .budget(let budget) = resource.body, case .model(let pattern) = budget.subject else { return nil }
        for threshold in budget.terms.thresholds.reversed() {
            guard case .downgrade(let target) = threshold.action else { continue }
            let pointer = "/spec/at/" + JSONPointer.escaped(Percent(hundredths: threshold.share).text)
            return Step(
                pattern: pattern, target: target, models: graph.models(of: target, for: resource.key.org), name: resource.key.name, place: resource.spans.nearest(pointer))
        }
        return nil
    }

    private mutating func check(_ steps: [Step]) {
        // From each budget to those that take what it hands on, unless they hand it on to the same.
        let edges = steps.indices.map { index in
            steps.indices.filter { other in
                other != index && steps[other].target != steps[index].target && steps[other].takes(steps[index])
            }
        }
        for cycle in Cycles.find(in: Dictionary(uniqueKeysWithValues: edges.enumerated().map { ($0, $1) })) {
            report(cycle.map { steps[$0] })
        }
    }

    private mutating func report(_ cycle: [Step]) {
        guard let first = cycle.first else { return }
        let targets = (cycle.map(\.target) + [first.target]).joined(separator: ", then ")
        diagnostics.append(
            Diagnostic(
                .downgradeCycle, ofValueAt: first.place, "budgets downgrade in a circle: \(targets)",
                hint: "let one of them `block`, or downgrade to a model that has no such budget",
                related: cycle.dropFirst().compactMap { step in
                    step.place.map { (place: $0, message: "and from there the budget `\(step.name)`") }
                }))
    }
}

extension Graph {
    /// Those of the route of that name, or the model itself.
    fileprivate func models(of name: String, for org: String?) -> [String] {
        guard let key = nearest(.routingPolicy, name, for: org),
            case .routingPolicy(let route)? = resources[key]?.body, !route.targets.isEmpty
        else { return [name] }
        return route.targets.map(\.model)
    }
}

extension ModelPattern {
    /// Whether the name itself matches; labels say nothing of a name.
    fileprivate func matches(_ name: String) -> Bool {
        switch self {
        case .name(let pattern): isLiteral ? pattern == name : Glob.matches(pattern, name)
        case .label: false
        }
    }
}
