// swift-tools-version: 6.2
import PackageDescription

// A package of its own: what is fuzzed is built with other flags than the product, and the product knows nothing of it.
// `Sources/Spec`, `HTTP`, `Crypto` and their C libraries are links into the product's sources.

/// Coverage and the address sanitizer; the readers inside are reached as by tests.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
]

/// Debian's default linker does not know the sections of the counters.
let linking: [LinkerSetting] = [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]

let package = Package(
    name: "charter-fuzz",
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1"),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl"),
        .systemLibrary(name: "CLibFuzzer"),
        .target(name: "Driver", dependencies: ["CLibFuzzer"], swiftSettings: settings),
        .target(name: "Spec", dependencies: ["CLibYAML"], swiftSettings: settings + [.strictMemorySafety()]),
        .executableTarget(
            name: "fuzz", dependencies: ["Driver", "Spec"], path: "Sources/Fuzz", swiftSettings: settings, linkerSettings: linking),
        .target(name: "Crypto", dependencies: ["COpenSSL"], swiftSettings: settings),
        .target(name: "HTTP", dependencies: ["CLinux", "Crypto"], swiftSettings: settings),
        .executableTarget(
            name: "fuzz-wire", dependencies: ["Driver", "HTTP"], path: "Sources/FuzzWire", swiftSettings: settings, linkerSettings: linking),
    ]
)
