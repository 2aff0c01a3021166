extension Connection {
    /// Runs a statement of constant text outside any transaction, as `CREATE DATABASE` must be.
    package func administer(_ statement: String) throws(DatabaseError) {
        try reconnect()
        try execute(script: statement)
    }
}
