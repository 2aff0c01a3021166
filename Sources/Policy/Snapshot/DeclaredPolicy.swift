/// What is declared, compiled: to it come the keys that are minted at run time, without compiling it again.
package struct DeclaredPolicy {
    /// Without such keys.
    package let snapshot: Snapshot
    private let compiler: Compiler

    init(snapshot: Snapshot, compiler: Compiler) {
        self.snapshot = snapshot
        self.compiler = compiler
    }

    /// The same with these keys, each within what its pool allows. Copies what it adds to, and shares the rest.
    package func snapshot(with keys: [DelegatedKey]) -> Snapshot {
        if keys.isEmpty { return snapshot }
        var compiler = compiler
        compiler.add(keys)
        return snapshot.with(compiler.graph)
    }
}
