extension Command {
    static let simulate = Command(
        name: "simulate",
        summary: "Serve a provider of made-up answers, for demos, tests and benchmarks.",
        usage: "simulate [flags]",
        runWords: SimulateCommand.run
    )
}
