import Foundation
import TestKit
import Testing

@testable import Reconciler

/// CVE-2024-24575, CVE-2024-24577 and the other holes of libgit2 that its packages mended.
struct LibraryVersionTests {
    private static let bootstrap = Programs.root.appending(path: "scripts/bootstrap").path

    @Test func `the library that is loaded is not older than what is known to be mended`() {
        #expect(GitLibrary.version.count == 3 && !GitLibrary.version.lexicographicallyPrecedes([1, 5, 1]), "\(GitLibrary.version)")
    }

    /// What `scripts/bootstrap` says where Debian's package, or pkg-config, answers so.
    private func answer(package: String?, version: String = "1.5.1") throws -> Subprocess.Outcome {
        let folder = try TemporaryDirectory()
        let programs = [
            ("dpkg-query", package.map { "echo '\($0)'" } ?? "exit 1"),
            ("pkg-config", "case \"$*\" in *--modversion*) echo \(version) ;; esac"),
        ]
        for (name, script) in programs {
            let file = try folder.write("#!/bin/sh\n\(script)\n", to: name)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try Subprocess.run([Self.bootstrap], environment: ["PATH": "\(folder.path):\(path)"])
    }

    @Test(arguments: ["1.5.1+ds-1+deb12u2", "1.5.1+ds-1+deb12u3", "1.7.2+ds-1ubuntu3"])
    func `a package that has the fixes is named`(package: String) throws {
        let outcome = try answer(package: package, version: String(package.prefix(5)))
        #expect(outcome.code == 0 && outcome.output.contains("libgit2 \(package)\n"), "\(outcome)")
    }

    @Test(arguments: ["1.5.1+ds-1+deb12u1", "1.5.1+ds-1", "1.1.0+dfsg.1-4"])
    func `an older package is refused with the one that is needed`(package: String) throws {
        let outcome = try answer(package: package)
        #expect(outcome.code == 1 && outcome.errors.contains("\(package) has known holes: 1.5.1+ds-1+deb12u2 or later is needed"), "\(outcome)")
    }

    @Test func `without a package the version itself must have them`() throws {
        for version in ["1.5.1", "1.6.4", "1.7.1"] {
            let outcome = try answer(package: nil, version: version)
            #expect(outcome.code == 1 && outcome.errors.contains("libgit2 \(version) has known holes"), "\(outcome)")
        }
        for version in ["1.6.5", "1.7.2", "1.9.0"] { #expect(try answer(package: nil, version: version).code == 0) }
    }
}
