extension Claim {
    /// The models that may serve it and are ill in the eyes of `isIll`, by index.
    package func models(where isIll: (ModelEntry) -> Bool) -> Set<Int> {
        var ill: Set<Int> = []
        for index in targets where isIll(snapshot.graph.models[Int(index)]) { ill.insert(Int(index)) }
        return ill
    }
}
