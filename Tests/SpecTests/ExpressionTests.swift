import Testing

@testable import Spec

@Suite struct ExpressionTests {
    private func type(_ text: String) throws -> (ExpressionType, [ExpressionProblem]) {
        let expression = try ExpressionParser.parse(Array(text.unicodeScalars)[...])
        var scope = ExpressionScope()
        scope.inputs = [
            "count": .number, "name": .text, "tags": .list(.text), "urgent": .boolean, "any": .object(nil),
            "ticket": .object(["subject": .text, "lines": .list(.object(["price": .number]))]),
        ]
        scope.outputs = ["a": .object(["label": .text]), "b-2": .text]
        scope.sure = ["a"]
        var checker = ExpressionChecker(scope)
        let type = checker.type(of: expression)
        return (type, checker.problems)
    }

    @Test(
        arguments: [
            ("inputs.count", .number), ("inputs.ticket.lines[0].price", .number), ("inputs['name']", .text),
            ("not inputs.urgent and (inputs.count < 3 or inputs.name == 'it''s')", .boolean),
            ("inputs.tags contains \"x\"", .boolean), ("first(inputs.tags)", .text), ("length(inputs.any.x.y) >= -1.5", .boolean),
            ("{ a: inputs.count, 'b c': [1, 2] }", .object(["a": .number, "b c": .list(.number)])),
            ("default(steps.b-2.output, 'none')", .text), ("steps.a.output.label", .text), ("run.id", .text), ("null", .null),
            ("inputs.name == null", .boolean), ("join(split(inputs.name, ','), ' ')", .text),
        ] as [(String, ExpressionType)])
    func `an expression has the type of what it gives`(text: String, wanted: ExpressionType) throws {
        let (type, problems) = try type(text)
        #expect(problems == [])
        #expect(type == wanted)
    }

    @Test(
        arguments: [
            ("steps.b-2.output", .stepNotBefore, 6..<9), ("steps.c.output", .stepUnknown, 6..<7),
            ("steps.a.output.lable", .outputUnknown, 15..<20), ("inputs.cuont", .inputUnknown, 7..<12),
            ("inputs.count == 'x'", .typeMismatch, 0..<19), ("inputs.name and true", .typeMismatch, 0..<11),
            ("lower(inputs.tags)", .typeMismatch, 6..<17), ("upper()", .functionUnknown, 0..<5),
            ("foo(1)", .functionUnknown, 0..<3), ("count", .nameUnknown, 0..<5), ("inputs.urgent < true", .typeMismatch, 0..<20),
            ("3 contains 1", .typeMismatch, 0..<1), ("steps.a.result", .nameUnknown, 8..<14),
        ] as [(String, DiagnosticCode, Range<Int>)])
    func `a mistake is found at its place`(text: String, code: DiagnosticCode, range: Range<Int>) throws {
        let (_, problems) = try type(text)
        #expect(problems.map(\.code) == [code])
        #expect(problems.map(\.range) == [range])
    }

    @Test(
        arguments: [
            "", "a b", "a ==", "(a", "[1", "{ a 1 }", "a < b < c", "a = b", "a && b", "1 + 2", "'open", "a.", "a[b]", "not", "f(",
            "{ a: 1, a: 2 }", String(repeating: "(", count: 10_000), String(repeating: "not ", count: 10_000), "-", "😀",
        ])
    func `what is no expression is refused with a place in it`(text: String) {
        let count = text.unicodeScalars.count
        do throws(ExpressionProblem) {
            _ = try ExpressionParser.parse(Array(text.unicodeScalars)[...])
            Issue.record("accepted: \(text.prefix(40))")
        } catch {
            #expect(error.code == .expressionInvalid && error.range.lowerBound <= count && !error.message.isEmpty)
        }
    }

    @Test(arguments: [" and ", " or ", " + "]) func `a chain of any length is refused before anybody walks it`(joint: String) throws {
        let long = Array(repeating: "true", count: 100_000).joined(separator: joint)
        #expect(throws: ExpressionProblem.self) { try ExpressionParser.parse(Array(long.unicodeScalars)[...]) }
    }

    @Test func `a template gives its expressions, and two brackets that mean themselves`() {
        let template = Template("a {{ inputs.x }} {{{{ b }} {{ 'it''s }}' }} {{ { a: { b: 1 } } }}")
        #expect(template.expressions.count == 3 && template.problems.isEmpty && !template.isSingle)
        #expect(Template("{{ inputs.x }}").isSingle)
        #expect(!Template(" {{ inputs.x }}").isSingle)
        #expect(Template("{{ inputs.x").problems.map(\.range) == [0..<2])
    }

    @Test(arguments: ["string", "array of string", "array of array of number", "object"])
    func `a type is written as it is read`(text: String) throws {
        #expect(try Workflow.FieldType.parse(text).text == text)
    }

    @Test(.timeLimit(.minutes(1))) func `types that double with every step are compared all the same`() {
        var steps = ""
        for name in ["a", "b"] {
            steps += "    - { name: \(name)0, transform: \"{ x: 1, y: 2 }\" }\n"
            for step in 1...60 {
                let before = "steps.\(name)\(step - 1).output"
                steps += "    - { name: \(name)\(step), transform: \"{ x: \(before), y: \(before) }\", after: [\(name)\(step - 1)] }\n"
            }
        }
        let last = "    - { name: last, condition: \"steps.a60.output == steps.b60.output\", after: [a60, b60] }\n    - { name: both, transform: \"[steps.a60.output, steps.b60.output]\", after: [last] }\n"
        let text = "apiVersion: charter/v1\nkind: Workflow\nmetadata: { name: w }\nspec:\n  trigger: { manual: {} }\n  steps:\n" + steps + last
        let file = ParsedFile(SourceFile("orgs/acme/w.yaml", text))
        #expect(file.diagnostics.filter { $0.severity == .error }.map { Rendering.text($0) } == [])
    }
}
