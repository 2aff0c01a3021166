internal import HTTP
internal import Synchronization

extension GatewayService {
    /// The process that has taken this one's place; then this one is about to end.
    package var follower: Int32? { life.withLock { $0.follower } }
    /// Why another gateway's place could not be taken; then this one is of no use.
    package var takeoverFault: String? { life.withLock { $0.fault } }

    /// Lets another gateway take this one's place.
    func openDoor() throws {
        let host = try HandoverHost(
            state: shared.options.state, log: shared.log, offer: { [weak self] in self?.offer() ?? .failure(HandoverFault(reason: "it has ended")) },
            release: { [weak self] follower in self?.handOver(to: follower) })
        life.withLock { $0.host = host }
        host.start()
    }

    /// Whether requests come here and are served: ready, and alone if another gateway's place was to be taken.
    package var isServing: Bool { isReady && (shared.predecessor == nil || life.withLock { $0.isSuccessor }) }

    private func offer() -> Result<HandoverHost.Goods, HandoverFault> {
        func not(_ reason: String) -> Result<HandoverHost.Goods, HandoverFault> { .failure(HandoverFault(reason: reason)) }
        if shared.isDraining.load(ordering: .relaxed) { return not("it is stopping") }
        if let predecessor = shared.predecessor, !predecessor.hasEnded { return not("the one before it has not ended yet") }
        guard let epoch = shared.status.current.epoch else { return not("it has not reached PostgreSQL yet") }
        guard let sockets = life.withLock({ $0.sockets?.handedOn }) else { return not("it is stopping") }
        guard sockets.count < LocalSocket.descriptorsMax else { return not("it has too many sockets") }
        return .success(
            HandoverHost.Goods(
                epoch: epoch, lock: directory.lockDescriptor, isActivated: shared.isActivated, sockets: sockets))
    }

    /// Leaves what comes from now on to the other one, and finishes what is here.
    private func handOver(to follower: Int32?) {
        shared.isHandedOver.store(true, ordering: .relaxed)
        // Not awaited: both accept for a moment, and a loop that is stuck must not keep this process for ever.
        onEveryLoop { $0.stopAccepting() }
        life.withLock { $0.follower = follower ?? 0 }
        shared.log.note("another gateway has taken over", ["process": follower.map(String.init) ?? ""])
        beginStop()
    }

    /// Accepts once ready, and only then relieves the gateway before this one.
    func takeOver() throws {
        let thread = try WorkerThread()
        life.withLock { $0.takeover = thread }
        thread.start(name: "takeover") { [self] thread in
            let end = WallClock.monotonicNanoseconds + Self.readyMax.inNanoseconds
            while !isReady {
                if thread.isStopping { return }
                guard WallClock.monotonicNanoseconds < end else { return giveUp(shared.faults) }
                thread.sleep(.milliseconds(10))
            }
            guard let faults = accept(unless: { thread.isStopping }) else { return }
            // The one before this goes on unless every loop accepts.
            guard faults.isEmpty else { return giveUp(faults) }
            shared.predecessor?.relieve()
            life.withLock { $0.isSuccessor = true }
            shared.log.note("took over", ["from": shared.predecessor?.process.map(String.init) ?? ""])
            do { try openDoor() } catch { shared.log.warning("no other gateway can take over", ["reason": "\(error)"]) }
        }
    }

    /// Has every loop accept; why some cannot, or nil when it was given up before all had answered.
    private func accept(unless isGivenUp: () -> Bool) -> [String]? {
        let outcome = Mutex((accepting: 0, faults: [String]()))
        let round = onEveryLoop { gateway in
            do {
                try gateway.accept()
                outcome.withLock { $0.accepting += 1 }
            } catch {
                outcome.withLock { $0.faults.append("cannot accept: \(error)") }
            }
        }
        guard round.wait(unless: isGivenUp, late: { shared.warn(late: $0, for: "accepting") }) else { return nil }
        let (accepting, faults) = outcome.withLock { $0 }
        return faults.isEmpty && accepting < threads.count ? ["a loop has ended"] : faults
    }

    private func giveUp(_ faults: [String]) {
        let reason = faults.joined(separator: "; ")
        life.withLock { $0.fault = reason }
    }

    /// How long a gateway may take to load its state; the one before it serves meanwhile.
    private static let readyMax = Duration.seconds(60)
}
