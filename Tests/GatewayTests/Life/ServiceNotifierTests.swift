import Gateway
import Glibc
import HTTP
import TestKit
import Testing

@Suite struct ServiceNotifierTests {
    @Test func `a service manager hears of the start, of progress and of the stop`() throws {
        let platform = try Platform(gateway: false)
        let manager = try DatagramReceiver(platform.folder.path + "/notify")
        let gateway = try GatewayProgram(
            platform, environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "600000"])
        try gateway.awaitReady()
        try eventually(within: .seconds(10), "it said that it lives") { manager.received.contains { $0.hasPrefix("WATCHDOG=1") } }
        try eventually(within: .seconds(10), "it said that it is ready") {
            manager.received.contains { $0.hasPrefix("READY=1\nSTATUS=enforcing revision ") }
        }
        gateway.process.kill(SIGHUP)
        try eventually(within: .seconds(5), "it said that it reloads") {
            manager.received.contains { $0.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") }
        }
        gateway.process.kill(SIGTERM)
        #expect(gateway.process.wait(within: .seconds(20)) == 0)
        #expect(manager.received.contains { $0.hasPrefix("STOPPING=1") })
    }

    @Test func `a manager that is slow to read hears all the same that it is ready`() throws {
        let folder = try TemporaryDirectory()
        let manager = try DatagramReceiver(folder.path + "/notify")
        let notifier = ServiceNotifier({ ["NOTIFY_SOCKET": manager.path][$0] }, process: 1, takesOver: false)
        // More than a socket of this kind holds.
        for _ in 0..<1000 { notifier.tell(.alive) }
        let ready = Background { notifier.tell(.ready) }
        try eventually(within: .seconds(5), "it heard of it") { manager.received.contains("READY=1") }
        try ready.value()
    }

    @Test func `a gateway without its database asks for time and is not ready`() throws {
        let platform = try Platform(gateway: false)
        let manager = try DatagramReceiver(platform.folder.path + "/notify")
        let gateway = try GatewayProgram(
            platform, ["--database", "postgresql://127.0.0.1:\(try freePort())/none"], environment: ["NOTIFY_SOCKET": manager.path])
        try eventually(within: .seconds(10), "it asked for time") { manager.received.contains { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") } }
        #expect(!manager.received.contains { $0.hasPrefix("READY=1") })
        #expect(gateway.process.isRunning)
    }

    @Test func `says which process goes on`() throws {
        let platform = try Platform(gateway: false)
        let manager = try DatagramReceiver(platform.folder.path + "/notify")
        let environment = ["NOTIFY_SOCKET": manager.path]
        let old = try GatewayProgram(platform, environment: environment)
        try old.awaitReady()
        let next = try GatewayProgram(platform, port: old.port, ["--take-over"], environment: environment)
        #expect(old.process.wait(within: .seconds(30)) == 0)
        try eventually(within: .seconds(5), "the manager knows") {
            manager.received.contains { $0.hasPrefix("MAINPID=\(next.process.pid)") }
        }
        #expect(!manager.received.contains { $0.hasPrefix("STOPPING=1") })
    }

    @Test func `a watchdog meant for another process is not answered`() {
        let environment = ["NOTIFY_SOCKET": "/run/none", "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "7"]
        #expect(ServiceNotifier({ environment[$0] }, process: 8, takesOver: false).watchdogEvery == nil)
        #expect(ServiceNotifier({ environment[$0] }, process: 7, takesOver: false).watchdogEvery == .milliseconds(1))
        #expect(ServiceNotifier({ environment[$0] }, process: 8, takesOver: true).watchdogEvery == .milliseconds(1))
    }
}
