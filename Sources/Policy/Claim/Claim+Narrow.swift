internal import Spec

/// What a claim comes to when some of its targets do not fit into a limit or a budget.
extension Claim {
    /// The claim of those targets alone that a reservation leaves; their places stay the same.
    package func narrowed(by reservation: Reservation) -> Claim {
        guard !reservation.leftOut.isEmpty else { return self }
        let kept = needs.indices.filter { !reservation.leftOut.contains($0) }.map { needs[$0] }
        return Claim(narrowing: self, to: kept)
    }

    /// The targets that have no room for what each of them asks.
    func targets(of demand: Demand, _ quantity: Bound.Quantity, without isRoom: (Int64) -> Bool) -> TargetSet {
        guard needs.count > 1, quantity == .tokens || quantity == .money else { return demand.served }
        var left = TargetSet.none
        for position in needs.indices where demand.served.contains(position) {
            if !isRoom(needs[position].ask(quantity)) { left.insert(position) }
        }
        return left
    }

    /// What a demand asks for the targets that are kept; nil where none of them counts there.
    func ask(_ demand: Demand, _ quantity: Bound.Quantity, without left: TargetSet) -> Int64? {
        guard !left.isEmpty else { return demand.ask }
        return needs.indices.lazy.filter { demand.served.contains($0) && !left.contains($0) }
            .map { needs[$0].ask(quantity) }.max()
    }

    /// Whether a target is left; a request that asks for no model has none to lose.
    func isLeft(any left: TargetSet) -> Bool { !left.isSuperset(of: needs.isEmpty ? .all : TargetSet(count: needs.count)) }

    /// What stands in the way of the target that comes first in the file.
    func ask(ofFirst demand: Demand, _ quantity: Bound.Quantity) -> Int64? {
        guard let first = needs.first else { return demand.ask }
        return demand.served.contains(0) ? first.ask(quantity) : nil
    }
}

extension Need {
    func ask(_ quantity: Bound.Quantity) -> Int64 {
        switch quantity {
        case .requests, .concurrent: 1
        case .tokens: tokens
        case .money: money ?? 0
        }
    }
}

extension Reservation {
    /// Whether a target, by its ordinal, may be tried: those without room in a limit or budget may not.
    package func admits(_ ordinal: Int) -> Bool { !leftOut.contains(ordinal) }
}
