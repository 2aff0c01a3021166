import Testing

@testable import Spec

@Suite struct TopicTests {
    @Test(arguments: [
        "APIKey", "apikey", "APIKey.limits", "APIKey.spec.limits", "APIKey.secrets.sha256", "APIKey.secrets[].sha256",
        "ModelCatalog.models.*.prices", "ModelCatalog.models.prices", "APIKey.metadata.labels", "Plan.suspend.until",
    ])
    func `kinds and fields are found however they are written`(words: String) throws {
        let topic = try Topic(words)
        switch topic {
        case .kind(let kind): #expect(kind == .apiKey)
        case .field(_, let path, let field): #expect(path.last == field.name && words.hasSuffix(field.name))
        default: Issue.record("\(topic)")
        }
    }

    @Test func `a code is told with its cause and remedy`() throws {
        let text = try Topic("ch1042").text(isStyled: false)
        #expect(text.contains("CH1042") && text.contains("The field does not exist in this place."))
    }

    @Test func `what holds a plan back is told with its remedy`() throws {
        let text = try Topic("g1002").text(isStyled: false)
        #expect(text.contains("G1002  mass deletion") && text.contains("--allow-mass-delete"))
    }

    @Test(arguments: [
        ("APIKye", "there is no kind APIKye", "did you mean `APIKey`?"),
        ("APIKey.limts", "APIKey has no field limts", "did you mean `limits`?"),
        ("APIKey.secrets.sha265", "APIKey.secrets has no field sha265", "did you mean `sha256`?"),
        ("CH9999", "there is no code CH9999", "docs/ERRORS.md lists them"),
        ("G1999", "there is no code G1999", "docs/ERRORS.md lists them"),
    ])
    func `what is nearly a topic is told its name`(words: String, message: String, hint: String) {
        #expect(throws: TopicProblem(message, hint: hint)) { try Topic(words) }
    }

    @Test func `every page fits eighty columns, but for what cannot be broken`() throws {
        var words = ["", "CH0901"] + Kind.allCases.map(\.rawValue) + DiagnosticCode.allCases.map(\.rawValue)
            + GuardCode.allCases.map(\.rawValue)
        for kind in Kind.allCases { words += Enforcement.fields(of: kind).map { "\(kind.rawValue).\($0.path)" } }
        for word in words {
            let text = try Topic(word).text(isStyled: false)
            #expect(!text.isEmpty && !text.contains("\u{1B}"))
            for line in text.split(separator: "\n") where line.unicodeScalars.count > TerminalText.columns {
                #expect(line.split(separator: " ").contains { $0.unicodeScalars.count > 28 } || line.hasPrefix("  "), "\(word): \(line)")
            }
        }
    }

    @Test func `emphasis is the only difference on a terminal that has it`() throws {
        for word in ["APIKey", "Budget.at", "CH1042", ""] {
            let styled = try Topic(word).text(isStyled: true)
            let plain = try Topic(word).text(isStyled: false)
            #expect(styled.contains("\u{1B}[1m"))
            let stripped = styled.replacing(/\u{1B}\[[0-9]+m/, with: "").replacing("`", with: "")
            #expect(stripped == plain.replacing("`", with: ""))
        }
    }

    @Test func `kinds name those that they speak of, and that speak of them`() {
        #expect(Set(Kind.apiKey.related).isSuperset(of: [.member, .project, .scope]))
        #expect(Kind.scope.related.contains(.apiKey))
    }
}
