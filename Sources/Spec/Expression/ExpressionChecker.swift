/// What an expression may speak of.
struct ExpressionScope {
    /// Nil where they could not be read, so that there may be any.
    var inputs: [String: ExpressionType]? = [:]
    /// The outputs of all steps, by name.
    var outputs: [String: ExpressionType] = [:]
    /// Steps that have surely ended well.
    var sure: Set<String> = []
    /// Why a step is not sure, for the message, with what to do.
    var doubt: (_ step: String) -> (message: String, hint: String) = { ("`\($0)` has not run", "") }
    /// Of a tool: what the model gives.
    var arguments: [String: ExpressionType]?
    /// Whether there are steps to speak of.
    var hasSteps = true
    /// Whether `outputs` are all there are: the name of a step may be mistaken.
    var knowsSteps = true

    static let run: [String: ExpressionType] = ["id": .text, "startedAt": .text, "attempt": .number, "workflow": .text]
}

/// Finds the type of an expression, and what is wrong in it.
struct ExpressionChecker {
    let scope: ExpressionScope
    private(set) var problems: [ExpressionProblem] = []
    /// Inside the first argument of `default`, where a step need not have run.
    private var isOptional = false

    init(_ scope: ExpressionScope) { self.scope = scope }

    mutating func type(of placed: PlacedExpression) -> ExpressionType {
        switch placed.expression {
        case .text: return .text
        case .number: return .number
        case .boolean: return .boolean
        case .null: return .null
        case .path(let names): return type(of: names)
        case .list(let items): return .list(common(items.map { type(of: $0) }))
        case .object(let members):
            let types = members.map { ($0.name.text, type(of: $0.value)) }
            return .object(Dictionary(types) { first, _ in first })
        case .call(let name, let arguments): return type(ofCall: name, arguments)
        case .not(let inner):
            expect(inner, .boolean)
            return .boolean
        case .both(let left, let right), .either(let left, let right):
            expect(left, .boolean)
            expect(right, .boolean)
            return .boolean
        case .compare(let comparison, let left, let right):
            compare(comparison, left, right, placed.range)
            return .boolean
        }
    }

    /// Finds the type, and reports it where it is not the one that is wanted.
    @discardableResult
    mutating func expect(_ placed: PlacedExpression, _ wanted: ExpressionType) -> ExpressionType {
        let found = type(of: placed)
        if !found.fits(wanted) {
            problems.append(
                ExpressionProblem(.typeMismatch, placed.range, "\(wanted.noun) is expected, and this is \(found.noun)"))
        }
        return found
    }

    private func common(_ types: [ExpressionType]) -> ExpressionType {
        guard let first = types.first else { return .any }
        return types.dropFirst().reduce(first) { $0.joined(with: $1) }
    }

    private mutating func compare(
        _ comparison: Expression.Comparison, _ left: PlacedExpression, _ right: PlacedExpression, _ range: Range<Int>
    ) {
        let (a, b) = (type(of: left), type(of: right))
        switch (comparison, a) {
        case (.contains, .list(let item)):
            if !b.fits(item) { mismatch(right.range, "the list holds \(item.noun), and this is \(b.noun)") }
        case (.contains, .text), (.contains, .any):
            if a == .text, !b.fits(.text) { mismatch(right.range, "text is expected, and this is \(b.noun)") }
        case (.contains, _): mismatch(left.range, "only a text or a list can contain something, and this is \(a.noun)")
        default:
            let isOrdered = [a, b].allSatisfy { $0.fits(.number) || $0.fits(.text) }
            if comparison.isOrder, !isOrdered {
                mismatch(range, "only numbers and texts have an order, not \(a.fits(.number) || a.fits(.text) ? b.noun : a.noun)")
            } else if a != .null, b != .null, !a.fits(b), !b.fits(a) {
                mismatch(range, "\(a.noun) is compared with \(b.noun)", hint: hint(comparing: a, b))
            }
        }
    }

    private func hint(comparing a: ExpressionType, _ b: ExpressionType) -> String? {
        [a, b].contains(.number) && [a, b].contains(.text) ? "`number(…)` reads a text as a number" : nil
    }

    private mutating func mismatch(_ range: Range<Int>, _ message: String, hint: String? = nil) {
        problems.append(ExpressionProblem(.typeMismatch, range, message, hint: hint))
    }

    // MARK: Functions

    private mutating func type(ofCall name: Expression.Name, _ arguments: [PlacedExpression]) -> ExpressionType {
        guard let function = ExpressionFunctions.named(name.text) else {
            problems.append(
                ExpressionProblem(
                    .functionUnknown, name.range, "there is no function `\(name.text)`",
                    hint: Suggestion.hint(for: name.text, among: ExpressionFunctions.all.map(\.name))))
            for argument in arguments { _ = type(of: argument) }
            return .any
        }
        guard arguments.count == function.parameters.count else {
            problems.append(
                ExpressionProblem(
                    .functionUnknown, name.range,
                    "`\(name.text)` takes \(function.parameters.count) values, and is given \(arguments.count)"))
            return function.result
        }
        if name.text == "default" { return typeOfDefault(arguments[0], arguments[1]) }
        let types = zip(arguments, function.parameters).map { argument, wanted in expect(argument, wanted) }
        if case .list(let item)? = types.first, ["first", "last"].contains(name.text) { return item }
        return function.result
    }

    private mutating func typeOfDefault(_ value: PlacedExpression, _ fallback: PlacedExpression) -> ExpressionType {
        let outer = isOptional
        isOptional = true
        let first = type(of: value)
        isOptional = outer
        let second = type(of: fallback)
        return first.joined(with: second)
    }

    // MARK: Paths

    private mutating func type(of names: [Expression.Name]) -> ExpressionType {
        switch names[0].text {
        case "inputs": return member(of: .object(scope.inputs), names.dropFirst(), "the inputs", .inputUnknown)
        case "run": return member(of: .object(ExpressionScope.run), names.dropFirst(), "a run", .nameUnknown)
        case "arguments" where scope.arguments != nil:
            return member(of: .object(scope.arguments), names.dropFirst(), "the tool", .inputUnknown)
        case "steps" where scope.hasSteps: return typeOfStep(names)
        default:
            let roots =
                ["inputs"] + (scope.hasSteps ? ["steps"] : []) + (scope.arguments == nil ? [] : ["arguments"]) + ["run"]
            let isInput = scope.inputs?[names[0].text] != nil
            let isStep = scope.outputs[names[0].text] != nil
            problems.append(
                ExpressionProblem(
                    .nameUnknown, names[0].range, "`\(names[0].text)` is not known here",
                    hint: isInput
                        ? "write `inputs.\(names[0].text)`"
                        : isStep
                            ? "write `steps.\(names[0].text).output`" : Suggestion.hint(for: names[0].text, among: roots)))
            return .any
        }
    }

    private mutating func typeOfStep(_ names: [Expression.Name]) -> ExpressionType {
        guard names.count > 1 else {
            problems.append(
                ExpressionProblem(
                    .nameUnknown, names[0].range, "the name of a step is missing", hint: "write `steps.<name>.output`"))
            return .any
        }
        let step = names[1]
        guard scope.knowsSteps || scope.outputs[step.text] != nil else { return .any }
        guard let output = scope.outputs[step.text] else {
            problems.append(
                ExpressionProblem(
                    .stepUnknown, step.range, "there is no step `\(step.text)`",
                    hint: Suggestion.hint(for: step.text, among: scope.outputs.keys.sorted())))
            return .any
        }
        if !scope.sure.contains(step.text), !isOptional {
            let (message, hint) = scope.doubt(step.text)
            problems.append(ExpressionProblem(.stepNotBefore, step.range, message, hint: hint.isEmpty ? nil : hint))
        }
        guard names.count > 2 else {
            problems.append(
                ExpressionProblem(
                    .nameUnknown, step.range, "a step is not a value by itself", hint: "write `steps.\(step.text).output`"))
            return .any
        }
        switch names[2].text {
        case "output":
            return member(of: output, names.dropFirst(3), "the output of `\(step.text)`", .outputUnknown)
        case "error": return .text
        default:
            problems.append(
                ExpressionProblem(
                    .nameUnknown, names[2].range, "a step has no `\(names[2].text)`",
                    hint: Suggestion.hint(for: names[2].text, among: ["output", "error"])))
            return .any
        }
    }

    private mutating func member(
        of type: ExpressionType, _ names: ArraySlice<Expression.Name>, _ owner: String, _ code: DiagnosticCode
    ) -> ExpressionType {
        guard let name = names.first else { return type }
        let rest = names.dropFirst()
        switch type {
        case .any, .object(nil): return .any
        case .list(let item) where name.isIndex: return member(of: item, rest, "an item", code)
        case .object(let members?):
            guard let inner = members[name.text] else {
                let hint = Suggestion.hint(for: name.text, among: members.keys.sorted())
                problems.append(
                    ExpressionProblem(code, name.range, absence(of: name.text, in: owner), hint: hint))
                return .any
            }
            return member(of: inner, rest, "`\(name.text)`", code)
        default:
            let message =
                type == .text && code == .outputUnknown
                ? "\(owner) is text, and declares no fields" : "\(owner) is \(type.noun), and has no `\(name.text)`"
            let hint = type == .text && code == .outputUnknown ? "add `output: { \(name.text): string }` to the step" : nil
            problems.append(ExpressionProblem(code, name.range, message, hint: hint))
            return .any
        }
    }

    private func absence(of name: String, in owner: String) -> String {
        owner == "the inputs" ? "there is no input `\(name)`" : "\(owner) has no `\(name)`"
    }
}
