internal import Dispatch

/// One thread's epoll loop. Everything made for a loop is used on its thread alone; other threads hold its `remote`.
///
/// A turn waits for events and hands them out, posted jobs among them, goes on with what is under way, begins new work, runs due timers,
/// calls `beforeFlush` once if anything was queued for sending, and then sends with one system call per connection.
package final class EventLoop {
    /// How other threads reach this loop.
    package let remote: LoopRemote
    /// The monotonic clock, read once per turn.
    package private(set) var now: MonotonicInstant
    /// The wall clock in milliseconds since 1970 UTC, read once per turn.
    package private(set) var wallClockMilliseconds: Int64
    /// Called once in a turn before any queued byte leaves: the place for a journal's write.
    package var beforeFlush: (() -> Void)?

    /// Where every connection of the loop receives. Only the running `ready`, `continueWork` or `takeTurn` may hold its bytes.
    let receiveBuffer: UnsafeMutableRawBufferPointer
    /// Where the connections with TLS decrypt, under the same rule.
    let plaintextBuffer: UnsafeMutableRawBufferPointer

    private var poller: Poller
    private var slots: [Slot] = []
    private var freeSlots: [UInt32] = []
    private var timers = TimerHeap()
    private var unflushed: [any EventHandler] = []
    private var unfinished: [any EventHandler] = []
    private var newWork = TurnQueue()
    private var spareStorage: [[UInt8]] = []
    private var isStopping = false
    private var replies: [UInt64: (any Sendable) -> Void] = [:]
    private var nextReply: UInt64 = 0
    private var keptObjects: [ObjectIdentifier: AnyObject] = [:]

    private struct Slot {
        var generation: UInt32 = 0
        var handler: (any EventHandler)?
        var awaitsTurn = false
    }

    private static let receiveBufferBytes = 64 * 1024
    /// One TLS record holds at most this much.
    private static let plaintextBufferBytes = 16 * 1024
    private static let eventsPerWait = 256
    /// Output buffers kept for reuse; more would only hold memory after a burst.
    private static let spareStorageMax = 64
    private static let spareStorageBytesMax = 64 * 1024

    package init() throws {
        remote = try LoopRemote()
        poller = try Poller(eventsPerWait: Self.eventsPerWait)
        receiveBuffer = .allocate(byteCount: Self.receiveBufferBytes, alignment: 64)
        plaintextBuffer = .allocate(byteCount: Self.plaintextBufferBytes, alignment: 64)
        now = SystemClock.monotonic
        wallClockMilliseconds = SystemClock.wallClockMilliseconds
        let mailbox = MailboxHandler(loop: self)
        _ = try register(remote.descriptor, [.readable], mailbox)
    }

    deinit {
        receiveBuffer.deallocate()
        plaintextBuffer.deallocate()
    }

    /// Runs until `stop`. What is queued at that moment is still sent as far as the sockets take it.
    package func run() {
        while !isStopping { turn() }
        remote.close()
        for slot in slots { slot.handler?.loopEnded() }
        slots = []
        keptObjects = [:]
        replies = [:]
        unfinished = []
        unflushed = []
        newWork = TurnQueue()
    }

    /// How long what is new may wait for its turn.
    var turnPatience: Duration {
        get { newWork.patience }
        set { newWork.patience = newValue }
    }

    /// Ends `run` after the present turn. From other threads: `remote.post { $0.stop() }`.
    package func stop() { isStopping = true }

    private func turn() {
        let count = (try? poller.wait(milliseconds: waitMilliseconds)) ?? 0
        readClocks()
        for index in 0..<count { dispatch(index) }
        continueUnfinished()
        beginNewWork()
        while let timer = timers.popDue(now) { timer.action() }
        flush()
    }

    private func readClocks() {
        now = SystemClock.monotonic
        wallClockMilliseconds = SystemClock.wallClockMilliseconds
    }

    private var waitMilliseconds: Int32 {
        if !unfinished.isEmpty || !unflushed.isEmpty || !newWork.isEmpty { return 0 }
        guard let next = timers.next else { return -1 }
        let left = next.nanoseconds - now.nanoseconds
        if left <= 0 { return 0 }
        // Rounded up: waking early would only turn the loop once more.
        return Int32(clamping: (left - 1) / 1_000_000 + 1)
    }

    private func dispatch(_ index: Int) {
        let event = poller.event(at: index)
        guard let slot = slot(of: Registration(token: event.token)) else { return }
        slots[slot].handler?.ready(event.readiness)
    }

    private func continueUnfinished() {
        guard !unfinished.isEmpty else { return }
        let work = unfinished
        unfinished = []
        for handler in work { handler.continueWork() }
    }

    /// After what is under way, so that a loop with more than it can do finishes what it has begun.
    private func beginNewWork() {
        guard !newWork.isEmpty else { return }
        for _ in 0..<TurnQueue.turnMax {
            guard let late = newWork.nextLate(now, where: awaitsTurn) else { break }
            giveTurn(to: late, isLate: true)
        }
        newWork.beginTurn(where: awaitsTurn)
        while let next = newWork.next() { giveTurn(to: next, isLate: false) }
    }

    private func giveTurn(to registration: Registration, isLate: Bool) {
        guard let slot = slot(of: registration), slots[slot].awaitsTurn else { return }
        slots[slot].awaitsTurn = false
        newWork.left()
        slots[slot].handler?.takeTurn(isLate: isLate)
    }

    private func flush() {
        guard !unflushed.isEmpty else { return }
        beforeFlush?()
        // What a flush itself queues waits for the next turn, behind the next call of beforeFlush.
        var batch: [any EventHandler] = []
        swap(&batch, &unflushed)
        for handler in batch { handler.flush() }
        batch.removeAll(keepingCapacity: true)
        if unflushed.isEmpty { swap(&batch, &unflushed) }
    }
}

// MARK: handlers

extension EventLoop {
    func register(
        _ descriptor: Int32, _ interest: Readiness, _ handler: any EventHandler
    ) throws(SystemError) -> Registration {
        let slot = freeSlots.popLast() ?? addSlot()
        let registration = Registration(slot: slot, generation: slots[Int(slot)].generation)
        do {
            try poller.add(descriptor, interest, token: registration.token)
        } catch {
            freeSlots.append(slot)
            throw error
        }
        slots[Int(slot)].handler = handler
        return registration
    }

    func change(
        _ registration: Registration, of descriptor: Int32, to interest: Readiness
    ) throws(SystemError) {
        try poller.modify(descriptor, interest, token: registration.token)
    }

    /// Forgets a handler. Events already waiting for it are dropped. Call before its descriptor is closed.
    func deregister(_ registration: Registration, of descriptor: Int32) {
        guard let slot = slot(of: registration) else { return }
        poller.remove(descriptor)
        if slots[slot].awaitsTurn { newWork.left() }
        slots[slot].awaitsTurn = false
        slots[slot].generation &+= 1
        slots[slot].handler = nil
        freeSlots.append(registration.slot)
    }

    /// Has `handler.flush()` called when the turn ends. The handler keeps count of its own repeated calls.
    func flushLater(_ handler: any EventHandler) { unflushed.append(handler) }

    /// Has `handler.continueWork()` called in the next turn.
    func continueLater(_ handler: any EventHandler) { unfinished.append(handler) }

    /// Has the handler's `takeTurn` called, once for as many calls as come before, when the loop has time for work that nobody has begun.
    func awaitTurn(_ registration: Registration) {
        guard let slot = slot(of: registration), !slots[slot].awaitsTurn else { return }
        slots[slot].awaitsTurn = true
        newWork.append(registration, at: now)
    }

    func awaitsTurn(_ registration: Registration) -> Bool { slot(of: registration).map { slots[$0].awaitsTurn } ?? false }

    /// Whether more work waits to be begun than a turn takes.
    var isBehind: Bool { newWork.isBehind }

    /// The place in `slots`; nil once the handler is forgotten.
    private func slot(of registration: Registration) -> Int? {
        let slot = Int(registration.slot)
        return slot < slots.count && slots[slot].generation == registration.generation ? slot : nil
    }

    private func addSlot() -> UInt32 {
        slots.append(Slot())
        return UInt32(slots.count - 1)
    }
}

// MARK: timers

extension EventLoop {
    /// Runs `work` once on the loop's thread, `duration` after `now`.
    @discardableResult
    package func schedule(after duration: Duration, _ work: @escaping () -> Void) -> TimerHandle {
        let timer = LoopTimer(work)
        timers.set(timer, at: now + duration)
        return TimerHandle(timer: timer, loop: self)
    }

    func set(_ timer: LoopTimer, after duration: Duration) {
        let deadline = now + duration
        // A connection moves its timer several times with each message, nearly always to a later time.
        if !timer.move(to: deadline) { timers.set(timer, at: deadline) }
    }

    func switchOff(_ timer: LoopTimer) { timers.switchOff(timer) }
    func discard(_ timer: LoopTimer) { timers.remove(timer) }
}

// MARK: what lives on the loop

extension EventLoop {
    /// Keeps `object`, one of each type, until the loop ends, so that jobs posted from elsewhere find it by `kept`.
    package func keep<Object: AnyObject>(_ object: Object) { keptObjects[ObjectIdentifier(Object.self)] = object }

    package func kept<Object: AnyObject>(_ type: Object.Type) -> Object? {
        keptObjects[ObjectIdentifier(type)] as? Object
    }
}

// MARK: work elsewhere

extension EventLoop {
    /// Runs `work` on a thread where it may block, and `then` with its result on the loop's thread. When the loop ends
    /// first, `then` is never called.
    package func offload<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value, then: @escaping (Value) -> Void
    ) {
        let reply = nextReply
        nextReply += 1
        replies[reply] = { value in
            if let value = value as? Value { then(value) }
        }
        DispatchQueue.global().async { [remote] in
            let value = work()
            remote.post { loop in loop.replies.removeValue(forKey: reply)?(value) }
        }
    }
}

// MARK: output buffers

extension EventLoop {
    /// Storage for a connection's output, so that idle connections hold none.
    func takeStorage() -> [UInt8] { spareStorage.popLast() ?? [] }

    func giveBack(_ storage: consuming [UInt8]) {
        guard spareStorage.count < Self.spareStorageMax, storage.capacity <= Self.spareStorageBytesMax else { return }
        storage.removeAll(keepingCapacity: true)
        spareStorage.append(storage)
    }
}

/// Runs what other threads have posted.
private final class MailboxHandler: EventHandler {
    private unowned let loop: EventLoop

    init(loop: EventLoop) { self.loop = loop }

    func ready(_ readiness: Readiness) {
        for job in loop.remote.takeJobs() { job(loop) }
    }
}
