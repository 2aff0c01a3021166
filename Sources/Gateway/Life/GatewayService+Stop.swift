internal import HTTP
internal import Synchronization

extension GatewayService {
    /// Stops in order: no longer ready, requests finished, usage shipped. Blocks until then, or for as long as the options
    /// allow. A second call waits for the first.
    package func stop() {
        let isFirst = life.withLock { life in
            guard case .none = life.stop else { return false }
            life.stop = .underWay
            return true
        }
        if isFirst { performStop() }
        while !hasStopped { Pause.take(.milliseconds(5)) }
    }

    /// The same without waiting.
    package func beginStop() {
        guard let thread = try? WorkerThread(), thread.start(name: "gateway-stop", { [self] _ in stop() }) else { return stop() }
        life.withLock { $0.stoppers.append(thread) }
    }

    /// Ends the threads of `beginStop`, once the gateway has stopped.
    package func joinStoppers() {
        for thread in life.withLock({ $0.stoppers }) { thread.join() }
    }

    package var hasStopped: Bool {
        life.withLock { life in
            if case .done = life.stop { true } else { false }
        }
    }

    /// Cuts what is under way: for an operator who asks a second time.
    package func cut() {
        shared.isCut.store(true, ordering: .relaxed)
        for thread in threads { thread.remote.post { $0.kept(GatewayLoop.self)?.cut() } }
        shared.abandonShipper()
        stateThread.abandon()
        telemetryThread?.cut()
    }

    private func performStop() {
        shared.isDraining.store(true, ordering: .relaxed)
        let (host, takeover) = life.withLock { ($0.host, $0.takeover) }
        takeover?.stop()
        takeover?.join()
        if !shared.isHandedOver.load(ordering: .relaxed) { waitForBalancers() }
        host?.stop()
        // Of a gateway that is about to take over too: it will accept what waits, and on the same sockets. So does one whose
        // place could not be taken, if it is still there.
        let isFollower = !life.withLock { $0.isSuccessor } && shared.predecessor.map { !$0.hasEndedNow() } ?? false
        let isShared = shared.isHandedOver.load(ordering: .relaxed) || shared.isActivated || isFollower || host?.hasLentSockets == true
        // A socket that somebody holds would still let clients in, to wait for nobody.
        life.withLock { $0.sockets = nil }
        drainLoops(leavingQueue: isShared)
        shared.denyThread?.stop()
        telemetryThread?.finish(isCut: shared.isCut.load(ordering: .relaxed))
        // Both wait for the database, and neither needs the other.
        stateThread.askToStop()
        syncer.stop()
        let end = WallClock.monotonicNanoseconds + shared.options.databasePatience.inNanoseconds
        func left() -> Duration {
            shared.isCut.load(ordering: .relaxed) ? .zero : .nanoseconds(max(0, end - WallClock.monotonicNanoseconds))
        }
        shared.drainShipper(within: left())
        stateThread.join(within: left())
        telemetryThread?.join()
        shared.predecessor?.stopWatching()
        life.withLock { $0.stop = .done }
    }

    /// Goes on accepting while load balancers learn that this gateway is no longer ready.
    private func waitForBalancers() {
        let end = WallClock.monotonicNanoseconds + shared.options.drainDelay.inNanoseconds
        while WallClock.monotonicNanoseconds < end, !shared.isCut.load(ordering: .relaxed) { Pause.take(.milliseconds(10)) }
    }

    private func drainLoops(leavingQueue: Bool) {
        let deadline = shared.options.drainDeadline
        for thread in threads {
            thread.remote.post { $0.kept(GatewayLoop.self)?.drain(deadline: deadline, leavingQueue: leavingQueue) }
        }
        let hung = loopsLeft(within: GatewayLoop.drainMax(shared.options) + Self.turnPatience)
        guard !hung.isEmpty else { return }
        shared.log.error("loops hang, and are left to themselves", ["loops": hung.map(String.init).joined(separator: ", ")])
    }

    /// Waits until the loops have ended, which bound what they wait for themselves, and answers which have not: such a one comes to no
    /// turn any more. What it has recorded lies in its journal, and is booked from there.
    private func loopsLeft(within patience: Duration) -> [Int] {
        var end = ContinuousClock.now + patience
        var isCut = false
        var left = Array(threads.indices)
        while true {
            left.removeAll { threads[$0].join(within: .milliseconds(10)) }
            let now = ContinuousClock.now
            if !isCut, shared.isCut.load(ordering: .relaxed) {
                isCut = true
                end = min(end, now + Self.turnPatience)
            }
            if left.isEmpty || now >= end { return left }
        }
    }

    /// How long a loop that is to end may take for its last turns.
    private static let turnPatience = Duration.seconds(10)
}
