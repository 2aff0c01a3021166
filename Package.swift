// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A module of ours; `uses` are the targets it may import, which the tidy test holds it to.
func module(_ name: String, uses: [Target.Dependency] = [], also: [SwiftSetting] = []) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: settings + also)
}

/// `apart` are folders of files that the tests read themselves.
func tests(_ name: String, uses: [Target.Dependency], apart: [String] = []) -> Target {
    .testTarget(name: name + "Tests", dependencies: uses, exclude: apart, swiftSettings: settings)
}

let package = Package(
    name: "charter",
    products: [
        .executable(name: "charter", targets: ["charter"]),
        .executable(name: "charter-gateway", targets: ["charter-gateway"]),
    ],
    targets: [
        // Level 0: C libraries, each imported by exactly one folder.
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),

        // Level 1
        module("Crypto", uses: ["COpenSSL"]),
        module("Spec", uses: ["CLibYAML"], also: [.strictMemorySafety()]),
        // Level 2
        module("Policy", uses: ["Spec"]),
        module("Store", uses: ["CLibPQ", "Crypto", "Spec"]),
        module("HTTP", uses: ["CLinux", "Crypto"]),
        // Level 3
        module("Reconciler", uses: ["CLibGit2", "Crypto", "Spec", "Policy", "Store", "HTTP"]),
        module("Gateway", uses: ["Crypto", "Spec", "Policy", "Store", "HTTP"]),
        module("Services", uses: ["Crypto", "Spec", "Policy", "Store", "HTTP"]),
        module("Simulator", uses: ["HTTP"]),
        // Level 4
        .executableTarget(
            name: "charter",
            dependencies: ["Crypto", "Spec", "Policy", "Store", "HTTP", "Reconciler", "Services", "Simulator"],
            swiftSettings: settings),
        .executableTarget(
            name: "charter-gateway",
            dependencies: ["Spec", "Policy", "Store", "HTTP", "Gateway"],
            swiftSettings: settings),

        tests("Tidy", uses: []),
        tests("Crypto", uses: ["Crypto", "TestKit"]),
        tests("Spec", uses: ["Spec"], apart: ["Fixtures"]),
        tests("Policy", uses: ["Policy", "Spec", "TestKit"]),
        tests("Store", uses: ["Store", "Spec", "Crypto", "TestKit"]),
        tests("HTTP", uses: ["HTTP", "Crypto", "TestKit"]),
        tests("Reconciler", uses: ["Reconciler", "Services", "Crypto", "Spec", "Policy", "Store", "HTTP", "TestKit"]),
        tests("Gateway", uses: ["Gateway", "Spec", "Policy", "Store", "HTTP", "Crypto", "Simulator", "TestKit"]),
        tests("Services", uses: ["Services", "Crypto", "Spec", "Policy", "Store", "HTTP", "TestKit"]),
        tests("Simulator", uses: ["Simulator", "HTTP", "TestKit"]),
        tests("EndToEnd", uses: ["TestKit"]),
        tests("Fault", uses: ["Reconciler", "Store", "Spec", "TestKit"]),
        // What several test targets need: a private PostgreSQL, temporary repositories, raw sockets, processes.
        .target(name: "TestKit", dependencies: ["Store"], path: "Tests/TestKit", swiftSettings: settings),
    ]
)
