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
    private(set) var openReservations: [Reservation?] = []
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
    /// A target whose own demands do not fit is left out, and what is held is the most that one of the others needs. Only
    /// where no target is left is the request refused, by what stands in the way of the first one.
    /// The refusal names the rule that stands in the way longest: a spent budget, a spent limit of the calendar, a sliding limit,
    /// what is held for others, concurrency; then the longest wait, then the order of declaration.
    package mutating func reserve(_ claim: Claim, now: Instant) -> Result<Reservation, Refusal> {
        let snapshot = claim.snapshot
        places.removeAll(keepingCapacity: true)
        var leftOut = TargetSet.none
        for demand in claim.demands {
            let bound = snapshot.graph.bounds[Int(demand.bound)]
            let place = place(for: demand, bound, claim, now: now)
            places.append(place)
            guard shortage(of: demand, bound, at: place, now: now) != nil else { continue }
            leftOut.formUnion(
                claim.targets(of: demand, bound.quantity) { ask in
                    var demand = demand
                    demand.ask = ask
                    return shortage(of: demand, bound, at: place, now: now) == nil
                })
        }
        guard leftOut.isEmpty || claim.isLeft(any: leftOut) else {
            return .failure(refusal(of: claim, now: now))
        }
        return .success(open(claim, snapshot, without: leftOut, now: now))
    }

    /// Books what was used in place of what was held; does nothing for a reservation that has ended.
    ///
    /// `served` is the ordinal of the target that answered; without it, every model's counters are charged, in the window of
    /// admission. `charged` is the generation in which the usage was recorded; nil for what the ledger will never have.
    package mutating func settle(
        _ reservation: Reservation, usage: Usage, cost: NanoUSD, served: Int? = nil, charged: ChargeGeneration? = nil, now: Instant
    ) {
        guard close(reservation) else { return }
        for hold in reservation.holds {
            let isCharged = served.map(hold.served.contains) ?? true
            let used = isCharged ? hold.used(usage, cost) : 0
            finish(hold, used: used, charged)
        }
    }

    /// Books what an attempt used that broke off, and takes what the claim asks for another, both at one moment, so that the
    /// request is counted once: with the attempt that ends it.
    ///
    /// Where the refusal says no, the broken attempt was the last one and the request counts with it.
    package mutating func renew(
        _ reservation: Reservation, usage: Usage, cost: NanoUSD, served: Int, charged: ChargeGeneration? = nil, for claim: Claim,
        now: Instant
    ) -> Result<Reservation, Refusal> {
        guard close(reservation) else { return reserve(claim, now: now) }
        for hold in reservation.holds {
            let isCharged = hold.served.contains(served) && hold.quantity != .requests
            finish(hold, used: isCharged ? hold.used(usage, cost) : 0, charged)
        }
        let renewed = reserve(claim, now: now)
        if case .failure = renewed {
            for hold in reservation.holds where hold.served.contains(served) && hold.quantity == .requests { count(hold, charged) }
        }
        return renewed
    }

    /// Gives everything back: nothing was produced. Does nothing for a reservation that has ended.
    package mutating func release(_ reservation: Reservation, now: Instant) {
        guard close(reservation) else { return }
        for hold in reservation.holds { finish(hold, used: 0, nil) }
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
        var grown = reservation.holds
        for index in grown.indices where grown[index].isBudget && grown[index].served.contains(served) {
            guard let more = grown[index].more(tokens, money) else { continue }
            if let resetsAt = shortage(of: more, for: grown[index]) {
                guard let counter = counter(of: grown[index]) else { continue }
                if case .account(let place, let start) = grown[index].place {
                    accounts.counters[Int(place)].noteRefusal(in: start)
                }
                return SpentBudget(bound: grown[index].bound, counter: counter, resetsAt: resetsAt)
            }
            grown[index].ask += more
        }
        for (hold, before) in zip(grown, reservation.holds) where hold.ask != before.ask {
            switch hold.place {
            case .gauge: break
            case .ring(let place, let serial, let slot):
                guard rings.counters[Int(place)].serial == serial else { break }
                rings.counters[Int(place)].adjust(slot: slot, by: hold.ask - before.ask)
            case .account(let place, let start):
                accounts.counters[Int(place)].grow(hold.ask - before.ask, in: start)
            }
        }
        reservation.holds = grown
        openReservations[Int(reservation.slot)] = reservation
        return nil
    }

    private func counter(of hold: Hold) -> CellKey? {
        switch hold.place {
        case .gauge(let place): gauges.key(at: place)
        case .ring(let place, _, _): rings.key(at: place)
        case .account(let place, _): accounts.key(at: place)
        }
    }

    /// When there may be room for more of what is held; nil where there is now.
    private func shortage(of more: Int64, for hold: Hold) -> Instant? {
        switch hold.place {
        case .gauge: return nil
        case .ring(let place, let serial, _):
            let ring = rings.counters[Int(place)]
            return ring.serial != serial || ring.sum <= hold.amount - more ? nil : ring.firstRelease
        case .account(let place, let start):
            let account = accounts.counters[Int(place)]
            return account.fits(more, under: hold.amount, in: start) ? nil : account.window.end
        }
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
            for hold in reservation.holds { finish(hold, used: hold.ask, nil) }
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
            return Shortage(cause: .full, bound: bound)
        case .ring:
            let wait = rings.counters[index].wait(for: demand.ask, under: bound.amount, now: now)
            guard wait != 0 else { return nil }
            // A limit tells when to come back; a budget, when some of it is free again.
            let resetsAt = bound.isBudget ? wait.map { Instant(milliseconds: now.milliseconds + $0) } : nil
            let cause: Shortage.Cause = wait == nil ? .neverFits : bound.isBudget ? .spent : .full
            return Shortage(cause: cause, bound: bound, wait: wait, resetsAt: resetsAt)
        case .calendar:
            let account = accounts.counters[index]
            guard let cause = account.shortage(of: demand.ask, under: bound.amount) else { return nil }
            guard cause != .held, cause != .neverFits, account.window.end != CalendarWindow.never else {
                return Shortage(cause: cause, bound: bound)
            }
            let end = account.window.end
            return Shortage(cause: cause, bound: bound, wait: end.milliseconds - now.milliseconds, resetsAt: end)
        }
    }

    /// The shortage that keeps out the target which comes first; the places are those of the claim's demands.
    private mutating func refusal(of claim: Claim, now: Instant) -> Refusal {
        var worst: Shortage?
        var place: Int32?
        for (position, demand) in claim.demands.enumerated() {
            let bound = claim.snapshot.graph.bounds[Int(demand.bound)]
            var demand = demand
            guard let ask = claim.ask(ofFirst: demand, bound.quantity) else { continue }
            demand.ask = ask
            if let shortage = shortage(of: demand, bound, at: places[position], now: now), shortage.outlasts(worst) {
                worst = shortage
                place = shortage.isForGood ? places[position] : nil
            }
        }
        if let place { accounts.counters[Int(place)].noteRefusal(in: accounts.counters[Int(place)].window.start) }
        var refusal =
            worst?.refusal(claim.snapshot, now: now) ?? Refusal(.rateLimitExceeded, "there is no room in the limits of the API key")
        refusal.limits = report(of: claim, now: now)
        return refusal
    }

    private func report(of claim: Claim, now: Instant) -> LimitReport {
        var report = LimitReport()
        for (place, demand) in zip(places, claim.demands) {
            let bound = claim.snapshot.graph.bounds[Int(demand.bound)]
            if bound.amount != .max, let status = status(of: bound, at: place, now: now) { report.note(bound.quantity, status) }
        }
        return report
    }

    /// Nil for what has no window.
    private func status(of bound: Bound, at place: Int32, now: Instant) -> LimitStatus? {
        let index = Int(place)
        switch bound.counting {
        case .gauge: return nil
        case .ring(let shape):
            guard let window = shape.window else { return nil }
            let ring = rings.counters[index]
            return LimitStatus(
                limit: bound.amount, remaining: bound.amount - ring.sum, window: window, reset: .milliseconds(ring.emptyAfter(now)))
        case .calendar(let window, _):
            let account = accounts.counters[index]
            let reset = window == .total ? nil : Duration.milliseconds(account.window.end.milliseconds - now.milliseconds)
            return LimitStatus(limit: bound.amount, remaining: account.remaining(under: bound.amount), window: window, reset: reset)
        }
    }

    private mutating func open(_ claim: Claim, _ snapshot: Snapshot, without leftOut: TargetSet, now: Instant) -> Reservation {
        var holds: [Hold] = []
        holds.reserveCapacity(claim.demands.count)
        for (position, demand) in claim.demands.enumerated() {
            let bound = snapshot.graph.bounds[Int(demand.bound)]
            var demand = demand
            guard let ask = claim.ask(demand, bound.quantity, without: leftOut) else { continue }
            demand.ask = ask
            holds.append(take(demand, bound, at: places[position], now: now))
        }
        let slot = freeSlots.popLast() ?? newSlot()
        generations[Int(slot)] &+= 1
        var reservation = Reservation(
            table: identity, slot: slot, generation: generations[Int(slot)], holds: holds, leftOut: leftOut,
            admitted: now, opened: age)
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
            amount: bound.amount, remaining: 0, reset: 0, window: .total, served: demand.served)
        switch bound.counting {
        case .gauge:
            gauges.counters[index] += demand.ask
            hold.remaining = bound.amount - gauges.counters[index]
        case .ring(let shape):
            let slot = rings.counters[index].add(demand.ask)
            hold.place = .ring(index: place, serial: rings.counters[index].serial, slot: slot)
            hold.remaining = bound.amount - rings.counters[index].sum
            hold.reset = rings.counters[index].emptyAfter(now)
            hold.window = shape.window
        case .calendar(let window, _):
            accounts.counters[index].hold(demand.ask)
            let (start, end) = (accounts.counters[index].window.start, accounts.counters[index].window.end)
            hold.place = .account(index: place, start: start)
            hold.remaining = accounts.counters[index].remaining(under: bound.amount)
            hold.reset = end.milliseconds - now.milliseconds
            hold.window = window
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
    private mutating func count(_ hold: Hold, _ charged: ChargeGeneration?) {
        switch hold.place {
        case .gauge: return
        case .ring(let index, let serial, let slot):
            guard rings.counters[Int(index)].serial == serial else { return }
            rings.counters[Int(index)].adjust(slot: slot, by: hold.ask)
        case .account(let index, let start): accounts.counters[Int(index)].spend(hold.ask, in: start, charged)
        }
    }

    private mutating func finish(_ hold: Hold, used: Int64, _ charged: ChargeGeneration?) {
        switch hold.place {
        case .gauge(let index):
            gauges.counters[Int(index)] -= hold.ask
        case .ring(let index, let serial, let slot):
            // The ring may have been swept, and its place given to another, while a stream went on.
            guard rings.counters[Int(index)].serial == serial, used != hold.ask else { return }
            rings.counters[Int(index)].adjust(slot: slot, by: used - hold.ask)
        case .account(let index, let start):
            accounts.counters[Int(index)].settle(hold.ask, used: used, heldIn: start, charged)
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
