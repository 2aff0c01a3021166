import Testing

@testable import Spec

struct ImportReportTests {
    @Test func `each line of the report is one JSON object`() throws {
        let scene = try ImportScene.litellm(#""rpm": 10, "input_cost_per_token": 1.6000000000000001e-06"#)
        let lines = scene.table.report.jsonLines.split(separator: "\n").map(String.init)
        #expect(
            lines.contains(
                #"{"entry":"m","model":"acme/m","field":"/rpm","value":"10","reason":"provider-limit"}"#))
        #expect(
            lines.contains(
                #"{"entry":"m","model":"acme/m","field":"/input_cost_per_token","value":"1.6000000000000001e-06","reason":"rounded","detail":"1.6 USD/M"}"#
            ))
        for line in lines { #expect(throws: Never.self) { try JSONReader.parse(line) } }
    }

    @Test func `the summary counts by reason and names fields and places`() throws {
        let summary = try ImportScene.litellm(#""rpm": 10, "tpm": 5, "input_dbu_cost_per_token": 1, "mode": "chat""#)
            .table.report.summary
        #expect(
            summary == """
                Prices left out:
                  other-currency: 1  (not in USD)
                      input_dbu_cost_per_token 1
                      in m

                Facts left out:
                  provider-limit: 2  (a rate limit of the provider's own)
                      rpm 1, tpm 1
                      in m

                Carried, to know:
                  unpriced: 1  (the table has no price that can be carried; keys under a budget in USD are refused)
                      in m
                """)
    }

    @Test func `what a table says reaches a terminal without control characters`() throws {
        let scene = try ImportScene(#"{"a\u001b[31m": {"litellm_provider": "acme", "x\u001b": 1}}"#, .litellmPrices)
        for text in [scene.table.report.summary, scene.table.report.jsonLines] {
            #expect(text.unicodeScalars.allSatisfy { $0.isPrintable || $0 == "\n" })
        }
    }

    @Test func `a selection takes a part of the table and of the report`() throws {
        let text = #"""
            {"a/x": {"litellm_provider": "a", "rpm": 1}, "a/y": {"litellm_provider": "a"}, "z": {"litellm_provider": "b", "rpm": 1}}
            """#
        let one = try ImportScene(text, .litellmPrices, selection: ImportSelection(providers: ["a"], pattern: "*/x"))
            .table
        #expect((one.entryCount, one.selectedCount, one.modelCount) == (3, 1, 1))
        #expect(one.report[.providerLimit].map(\.entry) == ["a/x"])
        let other = try ImportScene(text, .litellmPrices, selection: ImportSelection(pattern: "b/*")).table
        #expect(other.catalogs.map(\.path) == ["b.yaml"])
    }

    @Test func `every reason says what it means in its own words, and the manual names it`() throws {
        #expect(Set(ImportReason.allCases.map(\.meaning)).count == ImportReason.allCases.count)
        let page = try ImportTables.page("docs/IMPORT.md")
        for reason in ImportReason.allCases { #expect(page.contains("`\(reason.rawValue)`"), "\(reason.rawValue)") }
    }
}
