import Reconciler
import Spec

extension Command {
    static let explain = Command(
        name: "explain",
        summary: "Tell what a kind, a field or a code means.",
        usage: "explain [KIND[.FIELD[.FIELD]]|CODE]",
        details: """
            charter explain                  every kind
            charter explain APIKey           its fields, and the least that is accepted
            charter explain APIKey.limits    what may stand there, what holds without it, what keeps it
            charter explain CH1042           cause and remedy of a message
            charter explain G1002            why a plan is held back, and what lets it pass
            """,
        positionalsMax: 1
    ) { arguments in
        do {
            Console.print(try Topic(arguments.positionals.first).text(isStyled: Console.isStyled))
            return 0
        } catch let problem as TopicProblem {
            throw UsageError.wrong(problem.message, hint: problem.hint)
        }
    }
}
