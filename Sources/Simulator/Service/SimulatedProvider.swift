internal import HTTP
internal import Synchronization

/// A provider of made-up answers on its own threads, listening from the moment it is made.
package final class SimulatedProvider: Sendable {
    package let port: UInt16
    private let threads: [LoopThread]

    /// Throws when the address or the log cannot be had.
    package init(_ settings: SimulatorSettings) throws {
        let log = try settings.logPath.map { path throws(ServiceLogError) in try ServiceLog(path: path) }
        let port = Mutex(settings.port)
        var threads: [LoopThread] = []
        for index in 0..<max(1, settings.loops) {
            let thread = try LoopThread.start(name: "simulator-\(index)") { loop in
                // The first loop may get its port from the system; the others share it.
                let chosen = port.withLock { $0 }
                let service = try ProviderLoop(loop, settings, port: chosen, index: index, log)
                port.withLock { $0 = service.port }
                loop.keep(service)
            }
            threads.append(thread)
        }
        self.threads = threads
        self.port = port.withLock { $0 }
    }

    /// Cuts what is under way, logs it as incomplete, and returns when all threads have ended.
    package func stop() {
        for thread in threads {
            thread.remote.post { loop in loop.kept(ProviderLoop.self)?.stop() }
        }
        for thread in threads { thread.join() }
    }
}
