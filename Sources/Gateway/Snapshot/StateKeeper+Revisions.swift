internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// From a revision, with the keys minted under it and what overrides change of it, to what every loop enforces.
extension StateKeeper {
    mutating func takeNewest(_ connection: Connection, _ epoch: Int64) throws {
        try overrides.handOverDenials(connection)
        var (pulse, newest, minted) = try connection.transaction {
            (try Overrides.pulse($0), try Revisions.currentID($0), try RuntimeSequence.current($0))
        }
        if try overrides.follow(pulse, connection) {
            // Read after the overrides, so that the end of one is never seen without the revision that takes its place.
            (newest, minted) = try connection.transaction { (try Revisions.currentID($0), try RuntimeSequence.current($0)) }
            // Report at once what is enforced.
            reportedAt = nil
        }
        overrides.forgetDenials()
        try take(newest, keysAt: minted, connection, epoch)
        overrides.liftDenials()
    }

    private mutating func take(_ newest: Int64, keysAt minted: Int64, _ connection: Connection, _ epoch: Int64) throws {
        let patches = overrides.patches
        guard newest != seen || patches != patchesSeen else {
            if newest == 0 { shared.status.update { $0.waitingFor = "no revision has been applied yet" } }
            if minted != sequence, let taken { try take(taken, keysAt: minted, connection, epoch) }
            return
        }
        let load: StateLoad?
        do {
            load = try StateLoad.newest(connection, patches)
        } catch let error as DatabaseError {
            throw error
        } catch {
            // Overrides of what is enforced end all the same.
            if let taken, !taken.patches.isEmpty, taken.patches != patches {
                guard try take(taken.with(patches), keysAt: minted, connection, epoch) else { return }
            }
            patchesSeen = patches
            reject(newest, "\(error)")
            return
        }
        guard let load else { return }
        guard try take(load, keysAt: minted, connection, epoch) else { return }
        (seen, patchesSeen) = (load.revision.id, patches)
        // What was read and the snapshot before leave holes that nothing else would fill for a long time.
        Allocator.trim()
    }

    /// Has overrides end whose time is over, whether or not PostgreSQL can be asked.
    mutating func endOverrides(_ epoch: Int64) {
        guard overrides.end() else { return }
        let patches = overrides.patches
        guard let taken, let state, taken.patches != patches, !taken.patches.isEmpty else { return }
        let load = taken.with(patches)
        let snapshot = load.policy.snapshot(with: mintedKeys)
        let next = enforced(snapshot, load, cells: state.allCells)
        guard install(next, epoch) else { return }
        (self.taken, self.state, hasChanged) = (load, next, true)
        // A newer revision that was not taken has not been looked at without it.
        if seen == load.revision.id { patchesSeen = patches }
        shared.log.note("an override has ended", ["revision": next.revisionText])
    }

    /// Enforces a declaration with the keys that are minted by now, which are those of the change `minted` or of later ones.
    @discardableResult
    private mutating func take(_ load: StateLoad, keysAt minted: Int64, _ connection: Connection, _ epoch: Int64) throws -> Bool {
        let rows = try connection.transaction { try DelegatedKeys.alive($0) }
        let keys = rows.map(DelegatedKey.init)
        guard try enforce(load, load.policy.snapshot(with: keys), connection, epoch) else { return false }
        (taken, sequence, mintedKeys) = (load, minted, keys)
        // What was forgiven counts at once, too.
        hasChanged = true
        return true
    }

    /// Keeps the state that is enforced; the next revision is looked at when it comes.
    private mutating func reject(_ revision: Int64, _ reason: String) {
        seen = revision
        shared.status.update { values in
            values.rejections += 1
            values.rejected = "revision \(revision): \(reason)"
            if values.revision == nil { values.waitingFor = values.rejected }
        }
        shared.log.error("a revision cannot be enforced", ["revision": "\(revision)", "reason": reason])
    }

    /// False when the gateway stops before every loop has the state.
    private mutating func enforce(_ load: StateLoad, _ snapshot: Snapshot, _ connection: Connection, _ epoch: Int64) throws -> Bool {
        var cells = state?.allCells ?? [:]
        for organization in snapshot.organizations where cells[organization.uid] == nil {
            cells[organization.uid] = OrganizationCells(orgUID: organization.uid)
        }
        try count(snapshot, connection, into: cells)
        let known = taken?.revision.id == load.revision.id && taken?.patches == load.patches ? state : nil
        // Looked at before they are read, so that a change in between is found later.
        let files = UpstreamFiles(of: snapshot)
        let next = known?.with(snapshot) ?? enforced(snapshot, load, cells: cells)
        guard install(next, epoch) else { return false }
        state = next
        if known == nil { self.files = files }
        // Keys that come and go change nothing of what is declared.
        if known != nil { return true }
        noteEnforced(load, next)
        // Report at once what is enforced.
        reportedAt = nil
        return true
    }

    private func enforced(_ snapshot: Snapshot, _ load: StateLoad, cells: [String: OrganizationCells]) -> EnforcedState {
        EnforcedState(
            snapshot: snapshot, providers: shared.upstreams.endpoints(of: snapshot),
            models: shared.upstreams.models(of: snapshot), breakers: shared.upstreams.breakers(of: snapshot), cells: cells,
            createdSeconds: load.revision.committedAt.milliseconds / 1000)
    }

    /// Reads secrets and certificates anew whose files have changed.
    mutating func followFiles(_ epoch: Int64) {
        guard let state, let files else { return }
        let seen = UpstreamFiles(of: state.snapshot)
        let changed = seen.changed(since: files)
        guard !changed.isEmpty else { return }
        let next = state.with(providers: shared.upstreams.endpoints(of: state.snapshot))
        guard install(next, epoch) else { return }
        (self.state, self.files) = (next, seen)
        shared.status.update { $0.providerFaults = next.providerFaults }
        for path in changed { shared.log.note("a file of a provider has changed and is read anew", ["path": path]) }
        for (provider, fault) in next.providerFaults.sorted(by: { $0.key < $1.key }) where state.providerFaults[provider] != fault {
            shared.log.warning("a provider cannot be called", ["provider": provider, "reason": fault])
        }
    }

    /// Swaps the state on every loop and waits until each has it; false when the gateway stops before.
    private func install(_ next: EnforcedState, _ epoch: Int64) -> Bool {
        let swap = shared.denials.install(next) { [loops, directory, syncer] state in
            LoopRound(loops) { loop in
                loop.kept(GatewayLoop.self)?.take(state, epoch: epoch, directory: directory, syncer: syncer)
            }
        }
        return swap?.wait(unless: isStopping) { shared.warn(late: $0, for: "taking revision \(next.revisionText)") } ?? false
    }

    private func noteEnforced(_ load: StateLoad, _ next: EnforcedState) {
        let faults = next.providerFaults
        shared.status.update { values in
            values.revision = load.revision.id
            values.commit = load.revision.commit
            values.stateDigest = load.stateDigest
            values.enforcedAt = WallClock.now.milliseconds
            values.rejected = nil
            values.loads += 1
            values.providers = next.snapshot.providers.map(\.name).sorted()
            values.providerFaults = faults
        }
        shared.log.note("enforcing a revision", [
            "revision": "\(load.revision.id)", "commit": load.revision.commit, "keys": "\(next.snapshot.keyCount)",
            "models": "\(next.snapshot.models.count)",
        ])
        for (provider, fault) in faults.sorted(by: { $0.key < $1.key }) {
            shared.log.warning("a provider cannot be called", ["provider": provider, "reason": fault])
        }
        for warning in load.warnings { shared.log.warning("the configuration has a weakness", ["reason": warning]) }
    }
}
