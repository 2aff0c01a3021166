extension IgnoreDirective {
    /// What is wrong with the remark itself, whatever it silences.
    var problems: [Diagnostic] {
        var found = codes.compactMap(problem)
        if codes.isEmpty {
            found.append(
                Diagnostic(
                    .ignoreWithoutCode, at: place, length: length, "`charter:ignore` names no code",
                    hint: "name the warning and say why: `# charter:ignore CH0912 revoked on purpose`"))
        } else if reason.isEmpty {
            found.append(
                Diagnostic(
                    .ignoreWithoutReason, at: place, length: length, "`charter:ignore` gives no reason",
                    hint: "say why after the code: `# charter:ignore \(codes[0].text) revoked on purpose`"))
        }
        return found
    }

    /// The codes that it can silence, with their places.
    var warnings: [(code: DiagnosticCode, place: Place)] {
        codes.compactMap { written in
            guard let code = DiagnosticCode(rawValue: written.text), code.canBeSilenced else { return nil }
            return (code, self.place(of: written))
        }
    }

    private func problem(with written: Code) -> Diagnostic? {
        let place = place(of: written)
        let length = written.text.unicodeScalars.count
        guard let code = DiagnosticCode(rawValue: written.text) else {
            // Numbers are all alike: the nearest one is none that was meant.
            let meant = DiagnosticCode(rawValue: written.text.uppercased())?.rawValue
            return Diagnostic(
                .ignoreUnknownCode, at: place, length: length, "there is no code \(written.text)",
                hint: meant.map { "did you mean `\($0)`?" } ?? "copy the code of the warning, which stands at its end in brackets")
        }
        if code.canBeSilenced { return nil }
        return Diagnostic(
            .ignoreOfError, at: place, length: length,
            code.severity == .error
                ? "\(written.text) is an error, and only warnings can be silenced" : "\(written.text) cannot be silenced",
            hint: "put right what it speaks of, and remove this remark")
    }

    private func place(of written: Code) -> Place {
        Place(path: place.path, position: Position(line: place.position.line, column: written.column))
    }
}

extension DiagnosticCode {
    /// Whether `# charter:ignore` takes it: warnings, but not those about remarks that silence nothing, and about other warnings.
    var canBeSilenced: Bool { severity == .warning && self != .ignoreUnused && !isOfUnlisted }

    /// Those that only the compiled policy shows.
    package static let foundInPolicy: Set<DiagnosticCode> = [
        .keyWithoutPermission, .keyWithoutModels, .routeClosed, .modelUnpriced,
    ]

    /// Those that come and go with the calendar, so that a remark about them may wait for its day.
    static let foundByDate: Set<DiagnosticCode> = [.keyExpired, .keyExpiresSoon, .ownerSuspended, .suspensionOver]
}
