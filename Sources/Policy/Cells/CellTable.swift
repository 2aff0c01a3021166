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
    /// By slot, for those that nobody ends.
    private var openReservations: [Reservation?] = []
    /// How long the table has lived, as far as `expire` was told: no wall clock, which jumps.
    private var age = Duration.zero
    private var expiryCursor = 0
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

    /// Books what an attempt used that broke off, and takes what the claim asks for another, both at one moment, so that the
    /// request is counted once: with the attempt that ends it.
    ///
    /// Where the refusal says no, the broken attempt was the last one and the request counts with it.
    package mutating func renew(
        _ reservation: Reservation, usage: Usage, cost: NanoUSD, served: Int, for claim: Claim, now: Instant
    ) -> Result<Reservation, Refusal> {
        guard close(reservation) else { return reserve(claim, now: now) }
        let bit = Snapshot.bit(served)
        var charges: [CellCharge] = []
        for hold in reservation.holds {
            let isCharged = hold.served & bit != 0 && hold.quantity != .requests
            finish(hold, used: isCharged ? hold.used(usage, cost) : 0, charges: &charges)
        }
        let renewed = reserve(claim, now: now)
        if case .failure = renewed {
            for hold in reservation.holds where hold.served & bit != 0 && hold.quantity == .requests { count(hold) }
        }
        return renewed
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
    /// Takes more of the budgets that a running answer of this target spends from, of all of them or of none.
    ///
    /// Answers the budget that has no room. Limits are not asked: what began under one may come to its end.
    package mutating func extend(
        _ reservation: inout Reservation, tokens: Int64, money: NanoUSD, served: Int
    ) -> SpentBudget? {
        guard isOpen(reservation) else { return nil }
        let bit = Snapshot.bit(served)
        var grown = reservation.holds
        for index in grown.indices where grown[index].isBudget && grown[index].served & bit != 0 {
            guard case .account(let place, let start) = grown[index].place, let more = grown[index].more(tokens, money) else {
                continue
            }
            let account = accounts.counters[Int(place)]
            guard account.fits(more, under: grown[index].amount, in: start) else {
                return SpentBudget(bound: grown[index].bound, resetsAt: account.window.end)
            }
            grown[index].ask += more
        }
        for (hold, before) in zip(grown, reservation.holds) where hold.ask != before.ask {
            if case .account(let place, let start) = hold.place {
                accounts.counters[Int(place)].grow(hold.ask - before.ask, in: start)
            }
        }
        reservation.holds = grown
        openReservations[Int(reservation.slot)] = reservation
        return nil
    }

    /// Ends what nobody has ended for a day: whatever lost it must not keep a key shut. What it held of budgets and limits is
    /// taken for used. Returns how many there were; any is a defect.
    package mutating func expire(after elapsed: Duration) -> Int {
        age += elapsed
        var expired = 0
        for _ in 0..<min(openReservations.count, Self.expiryVisits) {
            expiryCursor = (expiryCursor + 1) % openReservations.count
            guard let reservation = openReservations[expiryCursor], age - reservation.opened > Self.reservationLife,
                close(reservation)
            else { continue }
            var charges: [CellCharge] = []
            for hold in reservation.holds { finish(hold, used: hold.ask, charges: &charges) }
            expired += 1
        }
        return expired
    }

    /// No provider answers for longer.
    package static let reservationLife = Duration.seconds(86_400)
    private static let expiryVisits = 1_024

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

    mutating func insertRing(_ shape: RingShape, for key: CellKey, now: Instant) -> Int32 {
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
        var reservation = Reservation(
            table: identity, slot: slot, generation: generations[Int(slot)], holds: holds, admitted: now, opened: age)
        reservation.soft = softBudget(beyondWhich: holds, snapshot.graph)
        openReservations[Int(slot)] = reservation
        return reservation
    }

    private mutating func newSlot() -> Int32 {
        generations.append(0)
        openReservations.append(nil)
        return Int32(generations.count - 1)
    }

    private mutating func take(_ demand: Demand, _ bound: Bound, at place: Int32, now: Instant) -> Hold {
        let index = Int(place)
        var hold = Hold(
            place: .gauge(index: place), quantity: bound.quantity, isBudget: bound.isBudget, bound: demand.bound, ask: demand.ask,
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
        openReservations[Int(reservation.slot)] = nil
        freeSlots.append(reservation.slot)
        return true
    }

    /// Counts what a hold asked after it was given back.
    private mutating func count(_ hold: Hold) {
        switch hold.place {
        case .gauge: return
        case .ring(let index, let serial, let slot):
            guard rings.counters[Int(index)].serial == serial else { return }
            rings.counters[Int(index)].adjust(slot: slot, by: hold.ask)
        case .account(let index, let start): accounts.counters[Int(index)].spend(hold.ask, in: start)
        }
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
    fileprivate func more(_ tokens: Int64, _ money: NanoUSD) -> Int64? {
        switch quantity {
        case .requests, .concurrent: nil
        case .tokens: max(0, tokens)
        case .money: max(0, money.rawValue)
        }
    }

    fileprivate func used(_ usage: Usage, _ cost: NanoUSD) -> Int64 {
        switch quantity {
        case .requests, .concurrent: ask
        case .tokens: usage.tokens
        case .money: max(0, cost.rawValue)
        }
    }
}
