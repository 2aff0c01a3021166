package import Spec

/// The counters of one organization.
///
/// A value with no lock of its own: whoever owns it guards it. Counters are found by the uid of their resource and the
/// sort of their rule, so they outlive the snapshot, and a changed amount applies to the same counter at once.
package struct CellTable: Sendable {
    /// Tells reservations of another table apart.
    let identity: UInt64
    var rings = CellStore<Ring>()
    var accounts = CellStore<Account>()
    var gauges = CellStore<Int64>()
    /// Odd while the reservation in that slot is open.
    private var generations: [UInt32] = []
    private var freeSlots: [Int32] = []
    private var serial: UInt32 = 0
    private var places: [Int32] = []

    /// `org` is the organization's uid.
    package init(org: String) { identity = Lineage(uid: org).low }

    /// Takes all that a claim asks, or nothing.
    ///
    /// The refusal names the rule that stands in the way longest: a budget before a limit, a limit before concurrency,
    /// then the longest wait, then the order of declaration.
    package mutating func reserve(_ claim: Claim, now: Instant) -> Result<Reservation, Refusal> {
        let snapshot = claim.snapshot
        places.removeAll(keepingCapacity: true)
        var worst: Shortage?
        for demand in claim.demands {
            let bound = snapshot.graph.bounds[Int(demand.bound)]
            let place = place(for: demand, bound, claim, now: now)
            places.append(place)
            if let shortage = shortage(of: demand, bound, at: place, now: now), shortage.outlasts(worst) {
                worst = shortage
            }
        }
        if let worst { return .failure(worst.refusal(snapshot, now: now)) }
        return .success(open(claim, snapshot, now: now))
    }

    /// Books what was used in place of what was held; does nothing for a reservation that has ended.
    ///
    /// `served` is the ordinal of the target that answered; without it, every model's counters are charged. Returns
    /// what the ledger's counters of the window of admission have to be charged.
    @discardableResult
    package mutating func settle(
        _ reservation: Reservation, usage: Usage, cost: NanoUSD, served: Int? = nil, now: Instant
    ) -> [CellCharge] {
        guard close(reservation) else { return [] }
        let bit = served.map(Snapshot.bit) ?? Demand.servedByAny
        var charges: [CellCharge] = []
        for hold in reservation.holds {
            let used = hold.served & bit == 0 ? 0 : hold.used(usage, cost)
            finish(hold, used: used, charges: &charges)
        }
        return charges
    }

    /// Gives everything back: nothing was produced. Does nothing for a reservation that has ended.
    package mutating func release(_ reservation: Reservation, now: Instant) {
        guard close(reservation) else { return }
        var charges: [CellCharge] = []
        for hold in reservation.holds { finish(hold, used: 0, charges: &charges) }
    }

    /// Whether the reservation has neither been settled nor released.
    package func isOpen(_ reservation: Reservation) -> Bool {
        reservation.table == identity && Int(reservation.slot) < generations.count
            && generations[Int(reservation.slot)] == reservation.generation
    }

    /// Requests that are neither settled nor released.
    package var openCount: Int { generations.count - freeSlots.count }
    /// Counters in memory.
    package var cellCount: Int { rings.count + accounts.count + gauges.count }
}

extension CellTable {
    /// Finds the counter a demand is about, or opens it, and brings it to the present.
    private mutating func place(for demand: Demand, _ bound: Bound, _ claim: Claim, now: Instant) -> Int32 {
        switch bound.counting {
        case .gauge:
            return gauges.place(of: demand.cell) ?? gauges.insert(0, for: demand.cell)
        case .ring(let shape):
            let place = rings.place(of: demand.cell) ?? insertRing(shape, for: demand.cell, now: now)
            rings.counters[Int(place)].advance(to: now)
            return place
        case .calendar(_, let zone):
            if let place = accounts.place(of: demand.cell) {
                accounts.counters[Int(place)].advance(to: now)
                return place
            }
            let account = Account(
                cell: claim.durableCell(of: bound), zone: claim.snapshot.graph.zones[Int(zone)], now: now)
            return accounts.insert(account, for: demand.cell)
        }
    }

    private mutating func insertRing(_ shape: RingShape, for key: CellKey, now: Instant) -> Int32 {
        serial &+= 1
        return rings.insert(Ring(shape: shape, serial: serial, now: now), for: key)
    }

    /// Nil where the counter has room for the demand.
    private func shortage(of demand: Demand, _ bound: Bound, at place: Int32, now: Instant) -> Shortage? {
        let index = Int(place)
        switch bound.counting {
        case .gauge:
            guard gauges.counters[index] > bound.amount - demand.ask else { return nil }
            return Shortage(demand: demand, bound: bound, wait: nil, resetsAt: nil)
        case .ring:
            let wait = rings.counters[index].wait(for: demand.ask, under: bound.amount, now: now)
            guard wait != 0 else { return nil }
            return Shortage(demand: demand, bound: bound, wait: wait, resetsAt: nil)
        case .calendar:
            let account = accounts.counters[index]
            guard !account.fits(demand.ask, under: bound.amount) else { return nil }
            let end = demand.ask > bound.amount || account.window.end == CalendarWindow.never
                ? nil : account.window.end
            return Shortage(
                demand: demand, bound: bound, wait: end.map { $0.milliseconds - now.milliseconds }, resetsAt: end)
        }
    }

    private mutating func open(_ claim: Claim, _ snapshot: Snapshot, now: Instant) -> Reservation {
        var holds: [Hold] = []
        holds.reserveCapacity(claim.demands.count)
        for (position, demand) in claim.demands.enumerated() {
            holds.append(take(demand, snapshot.graph.bounds[Int(demand.bound)], at: places[position], now: now))
        }
        let slot = freeSlots.popLast() ?? newSlot()
        generations[Int(slot)] &+= 1
        return Reservation(
            table: identity, slot: slot, generation: generations[Int(slot)], holds: holds, admitted: now)
    }

    private mutating func newSlot() -> Int32 {
        generations.append(0)
        return Int32(generations.count - 1)
    }

    private mutating func take(_ demand: Demand, _ bound: Bound, at place: Int32, now: Instant) -> Hold {
        let index = Int(place)
        var hold = Hold(
            place: .gauge(index: place), quantity: bound.quantity, bound: demand.bound, ask: demand.ask,
            amount: bound.amount, remaining: 0, reset: 0, served: demand.served)
        switch bound.counting {
        case .gauge:
            gauges.counters[index] += demand.ask
            hold.remaining = bound.amount - gauges.counters[index]
        case .ring:
            let slot = rings.counters[index].add(demand.ask)
            hold.place = .ring(index: place, serial: rings.counters[index].serial, slot: slot)
            hold.remaining = bound.amount - rings.counters[index].sum
            hold.reset = rings.counters[index].emptyAfter(now)
        case .calendar:
            accounts.counters[index].hold(demand.ask)
            let window = accounts.counters[index].window
            hold.place = .account(index: place, start: window.start)
            hold.remaining = accounts.counters[index].remaining(under: bound.amount)
            hold.reset = window.end.milliseconds - now.milliseconds
        }
        return hold
    }

    /// Whether the reservation was open; it no longer is.
    private mutating func close(_ reservation: Reservation) -> Bool {
        guard isOpen(reservation) else { return false }
        generations[Int(reservation.slot)] &+= 1
        freeSlots.append(reservation.slot)
        return true
    }

    private mutating func finish(_ hold: Hold, used: Int64, charges: inout [CellCharge]) {
        switch hold.place {
        case .gauge(let index):
            gauges.counters[Int(index)] -= hold.ask
        case .ring(let index, let serial, let slot):
            // The ring may have been swept, and its place given to another, while a stream went on.
            guard rings.counters[Int(index)].serial == serial, used != hold.ask else { return }
            rings.counters[Int(index)].adjust(slot: slot, by: used - hold.ask)
        case .account(let index, let start):
            accounts.counters[Int(index)].settle(hold.ask, used: used, heldIn: start)
            guard used != 0 else { return }
            let cell = accounts.counters[Int(index)].cell
            charges.append(CellCharge(cell: cell, windowStart: start, amount: used))
        }
    }
}

extension Hold {
    fileprivate func used(_ usage: Usage, _ cost: NanoUSD) -> Int64 {
        switch quantity {
        case .requests, .concurrent: ask
        case .tokens: usage.tokens
        case .money: max(0, cost.rawValue)
        }
    }
}
