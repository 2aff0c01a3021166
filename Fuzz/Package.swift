// swift-tools-version: 6.2
import PackageDescription

// A package of its own: what is fuzzed is built with other flags than the product, and the product knows nothing of it.
// `Sources/Spec` and `Sources/CLibYAML` are links into the product's sources.

/// Coverage and the address sanitizer; the readers inside are reached as by tests.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
]

let package = Package(
    name: "charter-fuzz",
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1"),
        .systemLibrary(name: "CLibFuzzer"),
        .target(name: "Spec", dependencies: ["CLibYAML"], swiftSettings: settings + [.strictMemorySafety()]),
        .executableTarget(
            name: "fuzz", dependencies: ["CLibFuzzer", "Spec"], path: "Sources/Fuzz", swiftSettings: settings,
            // Debian's default linker does not know the sections of the counters.
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ]
)
