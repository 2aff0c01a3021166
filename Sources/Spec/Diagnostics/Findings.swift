/// What is found in one file or by one check. Of the errors in a file the first are kept and the others counted as they come, so
/// that a file of nothing but mistakes costs no more than one with a few.
///
/// Warnings are all kept: what silences them is only known when the whole was read.
struct Findings: Sendable {
    private var kept: [Diagnostic] = []
    private var byPath: [String: Errors] = [:]
    /// Whether there was any error, told or not.
    private(set) var hasErrors = false
    /// Whether nothing is told of what may only be missing: it may stand where nothing could be read.
    private let leavesOutAbsence: Bool

    init(leavingOutAbsence: Bool = false) { leavesOutAbsence = leavingOutAbsence }

    fileprivate struct Errors {
        /// Hashes of what was said of the file: what is said again counts once.
        var echoes: Set<Int> = []
        var unlisted: UnlistedFindings?
    }

    /// What is not told is not counted either, so that no count speaks of findings of which none is listed.
    mutating func add(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { hasErrors = true }
        if leavesOutAbsence, diagnostic.code.mayBeOfAbsence { return }
        guard diagnostic.severity == .error, let place = diagnostic.place else { return kept.append(diagnostic) }
        if byPath[place.path, default: Errors()].add(diagnostic, at: place) { kept.append(diagnostic) }
    }

    /// What was kept, and for each file one that says how many were not.
    var diagnostics: [Diagnostic] { kept + byPath.values.compactMap { $0.unlisted?.diagnostic } }
}

extension Findings.Errors {
    /// Whether it is to be kept.
    fileprivate mutating func add(_ diagnostic: Diagnostic, at place: Place) -> Bool {
        guard echoes.insert(Echo(diagnostic, at: place).hashValue).inserted else { return false }
        if echoes.count <= ReadingLimits.findingsListedMax { return true }
        var unlisted = unlisted ?? UnlistedFindings(.error, from: place)
        unlisted.add(diagnostic)
        self.unlisted = unlisted
        return false
    }
}

/// How many findings of one severity in one file are not listed.
private struct UnlistedFindings: Sendable {
    let severity: Diagnostic.Severity
    /// Where the first of them stands.
    private(set) var place: Place
    private var counts: [DiagnosticCode: Int] = [:]
    private var isOfSecret = false

    init(_ severity: Diagnostic.Severity, from place: Place) { (self.severity, self.place) = (severity, place) }

    mutating func add(_ diagnostic: Diagnostic) {
        counts.merge(diagnostic.unlisted.isEmpty ? [diagnostic.code: 1] : diagnostic.unlisted, uniquingKeysWith: +)
        if diagnostic.isOfSecret { isOfSecret = true }
        if let other = diagnostic.place, other.position < place.position { place = other }
    }

    var diagnostic: Diagnostic? {
        counts.isEmpty ? nil : Diagnostic(unlisted: counts, severity, from: place, isOfSecret: isOfSecret)
    }
}

extension Diagnostic {
    /// Stands for others of one file.
    fileprivate init(unlisted: [DiagnosticCode: Int], _ severity: Severity, from place: Place, isOfSecret: Bool) {
        let count = unlisted.values.reduce(0, +)
        self.init(
            severity == .error ? .errorsNotListed : .warningsNotListed, at: place,
            "\(count) more \(severity.rawValue)\(count == 1 ? "" : "s") in this file \(count == 1 ? "is" : "are") not listed",
            hint: "see to those above first")
        self.unlisted = unlisted
        self.isOfSecret = isOfSecret
    }
}

extension [Diagnostic] {
    /// With at most so many errors and so many warnings of each file, the first, and one that counts the others; or `only` of one
    /// severity. What was counted before is counted on.
    package func listed(only: Diagnostic.Severity? = nil) -> [Diagnostic] {
        guard count > ReadingLimits.findingsListedMax else { return self }
        var numbers: [Group: Int] = [:]
        var unlisted: [Group: UnlistedFindings] = [:]
        var list = filter { diagnostic in
            guard let place = diagnostic.place, only == nil || only == diagnostic.severity else { return true }
            let group = Group(path: place.path, severity: diagnostic.severity)
            if !diagnostic.code.isOfUnlisted {
                numbers[group, default: 0] += 1
                if numbers[group, default: 0] <= ReadingLimits.findingsListedMax { return true }
            }
            unlisted[group, default: UnlistedFindings(group.severity, from: place)].add(diagnostic)
            return false
        }
        list += unlisted.values.compactMap(\.diagnostic)
        return list
    }

    /// How many there are of a severity, those included that are not listed.
    package func count(of severity: Diagnostic.Severity) -> Int {
        reduce(0) { $0 + ($1.severity == severity ? $1.count : 0) }
    }
}

private struct Group: Hashable {
    var path: String
    var severity: Diagnostic.Severity
}

extension DiagnosticCode {
    /// Whether it only counts what is not listed.
    var isOfUnlisted: Bool { self == .errorsNotListed || self == .warningsNotListed }
}
