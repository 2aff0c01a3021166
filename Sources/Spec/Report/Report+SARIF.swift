extension Report {
    /// SARIF 2.1.0 (OASIS, 2020) as GitHub's code scanning wants it: one run, the rules that were broken, relative
    /// addresses, fingerprints that do not move with lines.
    var sarif: String {
        let codes = Set(diagnostics.map(\.code)).sorted { $0.rawValue < $1.rawValue }
        let indexes = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($1, $0) })
        var text = JSONText(.printable, capacity: 4096 + diagnostics.count * 1024)
        text.object { text in
            text.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            text.member("version", "2.1.0")
            text.array("runs") { text in
                text.object { text in
                    text.object("tool") { text in text.object("driver") { writeDriver(codes, to: &$0) } }
                    text.object("automationDetails") { $0.member("id", "charter/validate/") }
                    text.member("columnKind", "unicodeCodePoints")
                    text.array("invocations") { text in writeInvocation(to: &text) }
                    text.array("results") { text in
                        for (diagnostic, fingerprint) in zip(diagnostics, fingerprints) {
                            text.object { text in
                                writeResult(diagnostic, fingerprint, rule: indexes[diagnostic.code] ?? 0, to: &text)
                            }
                        }
                    }
                }
            }
        }
        return text.json
    }

    private func writeDriver(_ codes: [DiagnosticCode], to text: inout JSONText) {
        text.member("name", Self.tool)
        text.member("semanticVersion", version)
        text.array("rules") { text in
            for code in codes {
                text.object { text in
                    text.member("id", code.rawValue)
                    text.member("name", code.name)
                    text.object("shortDescription") { $0.member("text", code.title) }
                    let explanation = code.explanation
                    text.object("fullDescription") { $0.member("text", explanation?.cause ?? code.title) }
                    text.object("help") { text in
                        let pair = explanation.map { "\($0.cause) Remedy: \($0.remedy)" }
                        text.member("text", pair ?? code.title)
                    }
                    text.object("defaultConfiguration") { $0.member("level", code.severity.rawValue) }
                }
            }
        }
    }

    private func writeInvocation(to text: inout JSONText) {
        text.object { text in
            text.name("executionSuccessful")
            text.boolean(true)
            guard !notes.isEmpty else { return }
            text.array("toolExecutionNotifications") { text in
                for note in notes {
                    text.object { text in
                        text.member("level", "note")
                        text.object("message") { $0.member("text", note) }
                    }
                }
            }
        }
    }

    private func writeResult(
        _ diagnostic: Diagnostic, _ fingerprint: Fingerprint, rule: Int, to text: inout JSONText
    ) {
        text.member("ruleId", diagnostic.code.rawValue)
        text.member("ruleIndex", Int64(rule))
        text.member("level", diagnostic.severity.rawValue)
        text.object("message") { text in
            text.member("text", diagnostic.message + (diagnostic.hint.map { ". Hint: \($0)" } ?? ""))
        }
        if let place = diagnostic.place {
            text.array("locations") { text in
                text.object { writeLocation(place, length: diagnostic.length, to: &$0) }
            }
        }
        if !diagnostic.related.isEmpty {
            text.array("relatedLocations") { text in
                for (index, related) in diagnostic.related.enumerated() {
                    text.object { text in
                        text.member("id", Int64(index + 1))
                        text.object("message") { $0.member("text", related.message) }
                        writeLocation(related.place, length: 1, to: &text)
                    }
                }
            }
        }
        text.object("partialFingerprints") { $0.member("primaryLocationLineHash", fingerprint.hex) }
        if let fix = diagnostic.fix, let place = diagnostic.place { writeFix(fix, at: place, to: &text) }
    }

    private func writeLocation(_ place: Place, length: Int, to text: inout JSONText) {
        text.object("physicalLocation") { text in
            writeArtifact(place, to: &text)
            text.object("region") { writeRegion(place.position, length: length, to: &$0) }
        }
    }

    private func writeFix(_ fix: Fix, at place: Place, to text: inout JSONText) {
        text.array("fixes") { text in
            text.object { text in
                text.object("description") { $0.member("text", "write `\(fix.text)`") }
                text.array("artifactChanges") { text in
                    text.object { text in
                        writeArtifact(place, to: &text)
                        text.array("replacements") { text in
                            text.object { text in
                                text.object("deletedRegion") {
                                    writeRegion(place.position, length: fix.length, to: &$0)
                                }
                                text.object("insertedContent") { $0.member("text", fix.text) }
                            }
                        }
                    }
                }
            }
        }
    }

    private func writeArtifact(_ place: Place, to text: inout JSONText) {
        text.object("artifactLocation") { text in
            text.member("uri", RelativeURI.text(of: repositoryPath(place.path)))
            text.member("uriBaseId", "%SRCROOT%")
        }
    }

    private func writeRegion(_ start: Position, length: Int, to text: inout JSONText) {
        text.member("startLine", Int64(start.line))
        text.member("startColumn", Int64(start.column))
        text.member("endLine", Int64(start.line))
        text.member("endColumn", Int64(start.column + length))
    }
}

/// A path as a relative reference (RFC 3986, section 4.2).
enum RelativeURI {
    static func text(of path: String) -> String {
        let encoded = path.utf8.map { isPlain($0) ? String(UnicodeScalar($0)) : percent($0) }.joined()
        // A colon before the first slash would be read as the end of a scheme; it is encoded everywhere.
        return encoded
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/-._~".utf8.contains(byte)
        }
    }

    private static func percent(_ byte: UInt8) -> String {
        "%" + String(byte, radix: 16, uppercase: true).leftPadded(to: 2)
    }
}
