import Glibc
import Store
import TestKit
import Testing

extension GatewayFaults {
    /// The journal of a killed gateway, booked more than once.
    @Suite(.serialized) struct JournalRepeated {
        /// A scene whose gateway was killed under load, and a copy of its folder.
        private func killed() throws -> (GatewayScene, MixedLoad.Outcome, copy: TemporaryDirectory) {
            let scene = try GatewayScene()
            let load = try scene.load()
            // Nothing is shipped meanwhile, so all of it is left to be booked.
            let outcome = try Connection(scene.platform.database).transaction(timeout: .seconds(60)) { transaction -> MixedLoad.Outcome in
                try transaction.query("SELECT FROM charter.ledger_lock FOR UPDATE")
                try scene.awaitServed(60, by: load)
                scene.kill()
                return try load.finish()
            }
            let copy = try TemporaryDirectory()
            #expect(try Subprocess.run(["cp", "-a", scene.platform.folder.path + "/state", copy.path + "/state"]).code == 0)
            return (scene, outcome, copy)
        }

        @Test func `F10 one journal booked twice over, by one gateway after another, is in the ledger once`() throws {
            let (scene, outcome, copy) = try killed()
            try scene.start()
            try eventually(within: .seconds(30), "it is booked") {
                try ProvidersTruth(platform: scene.platform).whatIsWrong(served: outcome.served, killed: true).isEmpty
            }
            let again = try GatewayProgram(scene.platform, state: copy.path + "/state")
            try again.awaitReady()
            again.process.kill(SIGTERM)
            #expect(again.process.wait(within: .seconds(30)) == 0, "\(again.process.errors)")
            try scene.expectExact(after: outcome)
        }

        @Test func `F10 one journal booked by two gateways at once is in the ledger once`() throws {
            let (scene, outcome, copy) = try killed()
            let other = try GatewayProgram(scene.platform, state: copy.path + "/state")
            try scene.start()
            try other.awaitReady()
            other.process.kill(SIGTERM)
            #expect(other.process.wait(within: .seconds(30)) == 0, "\(other.process.errors)")
            try scene.expectExact(after: outcome)
        }

        @Test func `F9 a torn record and zeros at the end of a killed gateway's segments cost nothing`() throws {
            let (scene, outcome, _) = try killed()
            let journal = scene.platform.folder.path + "/state/journal"
            // A part of its own first record, as a write that was cut off, and the blocks that a file system had given it already.
            let torn = try Subprocess.run(
                ["sh", "-c", "find '\(journal)' -name '*.journal' | while read -r file; do head -c 11 \"$file\" >\"$file.torn\"; cat \"$file.torn\" >>\"$file\"; truncate -s +8192 \"$file\"; rm \"$file.torn\"; echo one; done"])
            #expect(torn.output.contains("one"), "\(torn.errors)")
            try scene.start()
            try scene.expectExact(after: outcome)
        }
    }
}
