@testable internal import Spec

/// A text tried as an expression, as a template, and in every text of a workflow that takes one of them.
struct ExpressionTarget {
    private let text: String
    private let scalars: [Unicode.Scalar]

    init(_ text: String) {
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    func check() {
        let template = Template(text)
        isWithin(template.problems)
        for expression in template.expressions { isWithin(problems(of: expression)) }
        if let expression = parse(scalars) { checkAround(expression) }
        Target.file.check([SourceFile(path: "orgs/acme/x.yaml", bytes: Array(document.utf8))])
    }

    /// Nil for what is refused, with a place in it.
    private func parse(_ scalars: [Unicode.Scalar]) -> PlacedExpression? {
        do throws(ExpressionProblem) {
            return try ExpressionParser.parse(scalars[...])
        } catch {
            if scalars == self.scalars { isWithin([error]) }
            return nil
        }
    }

    /// The same expression means the same in brackets, and alone in a template.
    private func checkAround(_ expression: PlacedExpression) {
        Property.require((0...scalars.count).contains(expression.range.upperBound), "\(expression.range) is in the text")
        let found = problems(of: expression)
        isWithin(found)
        let template = Template("{{" + text + "}}")
        Property.require(template.isSingle, "one expression: {{\(text)}}")
        Property.require(type(of: template.expressions[0]) == type(of: expression), "in a template: \(text)")
        // One bracket more may be one too many.
        guard let bracketed = parse(["("] + scalars + [")"]) else { return }
        Property.require(type(of: bracketed) == type(of: expression), "in brackets: \(text)")
        Property.require(problems(of: bracketed).map(\.message) == found.map(\.message), "the same mistakes in brackets: \(text)")
    }

    private func isWithin(_ problems: [ExpressionProblem]) {
        for problem in problems {
            Property.require(!problem.message.isEmpty, "a message")
            // What is missing at the end stands after the last character.
            Property.require(
                problem.range.lowerBound >= 0 && problem.range.upperBound <= scalars.count + 1, "\(problem) is in the text: \(text)")
        }
    }

    // MARK: Scope

    private static var scope: ExpressionScope {
        var scope = ExpressionScope()
        scope.inputs = [
            "count": .number, "name": .text, "tags": .list(.text), "urgent": .boolean, "any": .object(nil),
            "ticket": .object(["subject": .text, "lines": .list(.object(["price": .number]))]),
        ]
        scope.outputs = ["read": .object(["label": .text]), "late": .text]
        scope.sure = ["read"]
        return scope
    }

    private func type(of expression: PlacedExpression) -> ExpressionType {
        var checker = ExpressionChecker(Self.scope)
        return checker.type(of: expression)
    }

    private func problems(of expression: PlacedExpression) -> [ExpressionProblem] {
        var checker = ExpressionChecker(Self.scope)
        _ = checker.type(of: expression)
        return checker.problems
    }

    // MARK: Document

    /// A workflow with the text in it, written by the same hand as `charter get`.
    private var document: String {
        func entry(_ key: String, _ content: Node.Content) -> Node.Entry {
            Node.Entry(key: key, keyExtent: .start, value: Node(content: content, extent: .start))
        }
        func scalar(_ text: String) -> Node.Content { .scalar(Scalar(text: text, isPlain: false)) }
        func mapping(_ entries: [Node.Entry]) -> Node { Node(content: .mapping(entries), extent: .start) }
        func named(_ name: String, _ field: Node.Entry) -> Node { mapping([entry("name", scalar(name)), field]) }
        let prompt = mapping([entry("name", scalar("read")), entry("model", scalar("assistant")), entry("prompt", scalar(text))])
        let steps = [
            prompt, named("ask", entry("condition", scalar(text))), named("shape", entry("transform", scalar(text))),
        ]
        let input = entry("name", .mapping([entry("type", scalar("string"))]))
        let spec = [
            entry("trigger", .mapping([entry("manual", .mapping([]))])), entry("inputs", .mapping([input])),
            entry("steps", .sequence(steps)),
            entry("outputs", .mapping([entry("out", .mapping([entry("value", scalar(text))]))])),
        ]
        return YAMLText([
            entry("apiVersion", scalar(currentAPIVersion)), entry("kind", scalar(Kind.workflow.rawValue)),
            entry("metadata", .mapping([entry("name", scalar("it"))])), entry("spec", .mapping(spec)),
        ]).text
    }
}
