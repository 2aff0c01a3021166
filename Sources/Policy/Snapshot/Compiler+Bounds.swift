internal import Spec

/// Limits and budgets.
extension Compiler {
    /// The list with more limits; where two count the same thing the same way, the lower one stands for both.
    mutating func bounds(
        _ limits: [Limit], of resource: Int32, at field: (Int16) -> RuleField = RuleField.limit, counted counter: Int32,
        beside others: [Int32] = []
    ) -> [Int32] {
        var indexes = others
        for (ordinal, limit) in limits.enumerated() {
            let rule = RuleReference(resource: resource, field: field(Int16(clamping: ordinal)))
            indexes = add(bound(limit, rule: rule, counted: counter), to: indexes)
        }
        return indexes
    }

    /// What a resource declares for itself.
    mutating func bounds(_ limits: [Limit], _ terms: BudgetTerms?, of resource: Int32) -> [Int32] {
        let own = bounds(limits, of: resource, counted: resource)
        let rule = RuleReference(resource: resource, field: .budgetHard)
        guard let terms, let bound = budget(terms, rule: rule, subject: resource) else { return own }
        return add(bound, to: own)
    }

    /// The list with one more bound, or with a lower one in place of its equal, which is a budget if either of them is.
    mutating func add(_ bound: Bound, to indexes: [Int32]) -> [Int32] {
        if let twin = indexes.firstIndex(where: { graph.bounds[Int($0)].cell == bound.cell }) {
            let other = graph.bounds[Int(indexes[twin])]
            let isLower = bound.amount < other.amount
            var lower = isLower ? bound : other
            let higher = isLower ? other : bound
            let lacks = higher.isBudget && !lower.isBudget || higher.marks >= 0 && lower.marks < 0
            guard isLower || lacks else { return indexes }
            lower.isBudget = lower.isBudget || higher.isBudget
            if lower.marks < 0 { lower.marks = higher.marks }
            var replaced = indexes
            replaced[twin] = Int32(graph.bounds.count)
            graph.bounds.append(lower)
            return replaced
        }
        graph.bounds.append(bound)
        return indexes + [Int32(graph.bounds.count - 1)]
    }

    private func bound(_ limit: Limit, rule: RuleReference, counted counter: Int32) -> Bound {
        let quantity: Bound.Quantity =
            switch limit.quantity {
            case .requests: .requests
            case .tokens: .tokens
            case .concurrent: .concurrent
            }
        let counting: Bound.Counting =
            switch limit.window {
            case nil: .gauge
            case let window?: RingShape(window).map { .ring($0) } ?? .calendar(window, zone: 0)
            }
        return Bound(
            cell: CellKey(
                lineage: lineage(of: counter),
                rule: CellKey.rule(quantity, limit.window, zone: "UTC", perModel: limit.perModel)),
            quantity: quantity, counting: counting, amount: max(0, limit.amount), perModel: limit.perModel,
            isBudget: false, pattern: -1, rule: rule, counter: counter, subject: counter)
    }

    private func lineage(of resource: Int32) -> Lineage { Lineage(uid: graph.register.entries[Int(resource)].uid) }

    /// Nil where nothing is never to be exceeded. Counted under what declares it where `counter` names nothing else.
    mutating func budget(
        _ terms: BudgetTerms, rule: RuleReference, counted counter: Int32? = nil, subject: Int32, pattern: Int32 = -1
    ) -> Bound? {
        guard let allowance = terms.hard ?? terms.soft else { return nil }
        let counter = counter ?? rule.resource
        let quantity: Bound.Quantity =
            switch allowance.amount {
            case .money: .money
            case .tokens: .tokens
            case .requests: .requests
            }
        let marks = BudgetMarks(terms, whole: max(0, allowance.counted))
        // What is only soft is counted, and refuses nothing.
        let whole = terms.hard == nil ? Int64.max : max(0, allowance.counted)
        let amount = min(whole, marks?.block ?? whole)
        let (counting, cellRule): (Bound.Counting, UInt64)
        switch allowance.span {
        case .calendar(let window):
            let zone = zone(terms.zone)
            counting = .calendar(window, zone: zone)
            cellRule = CellKey.rule(
                quantity, window, zone: graph.zones[Int(zone)].name, starts: terms.starts, perModel: false)
        case .rolling(let length):
            counting = .ring(RingShape(rolling: length.wholeMilliseconds))
            cellRule = CellKey.rule(quantity, rolling: length)
        }
        return Bound(
            cell: CellKey(lineage: lineage(of: counter), rule: cellRule),
            quantity: quantity, counting: counting, amount: amount, perModel: false, isBudget: amount != .max,
            pattern: pattern, starts: terms.starts, rule: rule, counter: counter, subject: subject, marks: add(marks))
    }

    private mutating func add(_ marks: BudgetMarks?) -> Int32 {
        guard let marks else { return -1 }
        graph.budgetMarks.append(marks)
        return Int32(graph.budgetMarks.count - 1)
    }

    mutating func addBudgets(_ sorted: Sorted) {
        for governed in sorted[.budget] {
            guard case .budget(let spec) = governed.resource.body else { continue }
            let owner = org(governed.resource.key.org)
            guard owner != Self.platform else { continue }
            let rule = RuleReference(resource: register(governed), field: .hard)
            var pattern: Int32 = -1
            if case .model(let wanted) = spec.subject { pattern = intern(wanted) }
            guard let bound = budget(spec.terms, rule: rule, subject: -1, pattern: pattern) else { continue }
            attach(bound, to: spec.subject, in: owner)
        }
    }

    /// A key's budget waits for the key, which is compiled last.
    private mutating func attach(_ budget: Bound, to subject: Budget.Subject, in org: Int32) {
        var bound = budget
        let index = Int32(graph.bounds.count)
        switch subject {
        case .organization, .model:
            bound.subject = graph.orgs[Int(org)].resource
            boundsOfOrg[Int(org)].append(index)
        case .project(let name):
            guard let project = projectIndexes[InOrg(org: org, name: name)] else { return }
            bound.subject = graph.projects[Int(project)].resource
            boundsOfProject[Int(project)].append(index)
        case .member(let name):
            guard let member = memberIndexes[InOrg(org: org, name: name)] else { return }
            bound.subject = graph.members[Int(member)].resource
            boundsOfMember[Int(member)].append(index)
        case .key(let name):
            budgetsOfKey[InOrg(org: org, name: name), default: []].append(index)
        case .tag(let tag):
            bound.subject = graph.orgs[Int(org)].resource
            bound.tag = Int32(graph.tags.count)
            graph.tags.append(tag)
            budgetsOfTag[InOrg(org: org, name: tag.text), default: []].append(index)
        }
        bound.cell.subject = CellKey.subject(graph.subjectText(of: bound))
        graph.bounds.append(bound)
    }
}

extension CellKey {
    static func subject(_ text: String) -> UInt64 { text.isEmpty ? 0 : StableHash.of(text) }

    static func rule(
        _ quantity: Bound.Quantity, _ window: Window?, zone: String, starts: WindowStart? = nil, perModel: Bool
    ) -> UInt64 {
        let sort = UInt64(quantity.rawValue) << 16 | ordinal(of: window) << 8 | (perModel ? 1 : 0)
        return (StableHash.of(starts.map { zone + "/" + $0.text } ?? zone) ^ sort) &* StableHash.prime
    }

    static func rule(_ quantity: Bound.Quantity, rolling length: Duration) -> UInt64 {
        (StableHash.of(length.text + " rolling") ^ UInt64(quantity.rawValue) << 16) &* StableHash.prime
    }

    private static func ordinal(of window: Window?) -> UInt64 {
        switch window {
        case nil: 0
        case .second: 1
        case .minute: 2
        case .hour: 3
        case .day: 4
        case .week: 5
        case .month: 6
        case .year: 7
        case .total: 8
        }
    }
}
