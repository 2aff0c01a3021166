// swift-tools-version: 6.2
import PackageDescription

// A package of its own: what measures shares no code with what is measured. `Sources/CLinux` is a link into the product's sources.

let package = Package(
    name: "charter-load",
    targets: [
        .systemLibrary(name: "CLinux"),
        .executableTarget(
            name: "load", dependencies: ["CLinux"], path: "Sources/Load",
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ]),
    ]
)
