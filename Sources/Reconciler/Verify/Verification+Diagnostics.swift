internal import Spec

extension Verification {
    /// Errors of a refused commit, warnings of one that is applied all the same.
    var diagnostics: [Diagnostic] {
        let shown = findings.prefix(Self.findingsShownMax).map { $0.diagnostic(isRefusal: demand == .require) }
        guard findings.count > shown.count else { return Array(shown) }
        let code = shown.first?.code ?? .signatureMissing
        return shown + [Diagnostic(code, at: nil, "and \(findings.count - shown.count) more commits or files of the same sort")]
    }

    /// Beyond this many, one cause makes the rest.
    private static let findingsShownMax = 20
}

extension VerificationFinding {
    fileprivate func diagnostic(isRefusal: Bool) -> Diagnostic {
        var diagnostic = diagnostic
        if !isRefusal { diagnostic.severity = .warning }
        return diagnostic
    }

    private var diagnostic: Diagnostic {
        let who = author.isEmpty ? commit.short : "\(commit.short) by \(author)"
        switch subject {
        case .signature: return Diagnostic(code, at: nil, "\(who) \(verdict)", hint: verdict.hint)
        case .path(let path, let signers, let rule):
            return Diagnostic(
                code, at: nil,
                "\(who) changes \(path), which needs a signature of \(signers.joined(separator: " or ")), and \(verdict)",
                hint: "let one of them sign the commit", related: rule.map { [($0, "the rule for this path")] } ?? [])
        case .branch(let reason): return Diagnostic(code, at: nil, "\(who): \(reason)")
        }
    }

    private var code: DiagnosticCode {
        switch (subject, verdict) {
        case (.path, _): .signerNotOfPath
        case (.branch, _): .commitsNotKnown
        case (_, .unsigned), (_, .good): .signatureMissing
        case (_, .untrusted): .signerNotTrusted
        case (_, .bad): .signatureBad
        case (_, .unchecked): .signatureNotChecked
        }
    }
}

extension SignatureVerdict {
    fileprivate var hint: String? {
        switch self {
        case .unsigned: "sign it: `git commit --amend -S`"
        case .untrusted:
            "declare the key among `signers` in a commit that a trusted signer signs; what a commit declares itself does not count for it"
        case .bad: "sign it again: `git commit --amend -S`"
        case .good, .unchecked: nil
        }
    }
}
