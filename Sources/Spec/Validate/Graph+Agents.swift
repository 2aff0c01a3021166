/// Agents that hand their task round, and workflows that run them.
extension Graph {
    func agents() -> [Diagnostic] {
        handoffCircles() + readable.flatMap { key, resource -> [Diagnostic] in
            guard case .workflow(let workflow) = resource.body else { return [] }
            return calls(of: workflow, resource)
        }
    }

    private func handoffCircles() -> [Diagnostic] {
        var edges: [ResourceKey: [ResourceKey]] = [:]
        for (key, resource) in readable {
            guard case .agent(let agent) = resource.body, !agent.handoffs.isEmpty else { continue }
            edges[key] = agent.handoffs.map { ResourceKey(org: key.org, kind: .agent, name: $0) }
        }
        return Cycles.find(in: edges).map { cycle in
            diagnostic(
                of: cycle, .handoffCircle, "a task can be handed round until a limit ends the run", "hands on to",
                hint: "remove one name from `handoffs`, if that is not meant"
            ) { body, next in
                if case .agent(let agent) = body { agent.handoffs.pointer(to: next, in: "/spec/handoffs") } else { nil }
            }
        }
    }

    private func calls(of workflow: Workflow, _ resource: Resource) -> [Diagnostic] {
        guard workflow.steps.contains(where: { if case .agent = $0.work { true } else { false } }) else { return [] }
        let types = WorkflowTypes(workflow)
        return workflow.steps.enumerated().flatMap { index, step -> [Diagnostic] in
            guard case .agent(let call) = step.work,
                case .agent(let agent)? = resources[ResourceKey(org: resource.key.org, kind: .agent, name: call.name)]?.body
            else { return [] }
            let spot = CallPlace(resource: resource, pointer: "/spec/steps/\(index)/agent")
            return missing(call, agent, spot)
                + call.input.compactMap { argument in
                    problem(argument, types.type(ofTemplate: argument.value, in: step.name), agent, spot)
                }
        }
    }

    private struct CallPlace {
        var resource: Resource
        var pointer: String

        func place(_ name: String? = nil) -> Place? {
            resource.spans.nearest(name.map { "\(pointer)/input/\(JSONPointer.escaped($0))" } ?? pointer) ?? resource.place
        }
    }

    private func missing(_ call: Workflow.AgentCall, _ agent: Agent, _ spot: CallPlace) -> [Diagnostic] {
        agent.inputs.filter { input in input.required && !call.input.contains { $0.name == input.name } }.map { input in
            Diagnostic(
                .inputUnknown, at: spot.place(), "the input `\(input.name)` of the agent `\(call.name)` is missing",
                hint: "give it in `input`")
        }
    }

    private func problem(_ argument: Workflow.Argument, _ type: ExpressionType, _ agent: Agent, _ spot: CallPlace) -> Diagnostic? {
        let place = spot.place(argument.name)
        guard let input = agent.inputs.first(where: { $0.name == argument.name }) else {
            return Diagnostic(
                .inputUnknown, at: place, "the agent has no input `\(argument.name)`",
                hint: Suggestion.hint(for: argument.name, among: agent.inputs.map(\.name)))
        }
        guard !type.fits(input.valueType) else { return nil }
        return Diagnostic(
            .typeMismatch, at: place, "the input `\(input.name)` is \(input.valueType.noun), and this is \(type.noun)",
            hint: type == .text && !Template(argument.value).isSingle ? "with nothing beside one `{{ … }}` its value keeps its type" : nil)
    }
}
