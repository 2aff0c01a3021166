/// Which models may be used: `allow` and `deny` hold names, globs (`openai/*`) and labels (`label:eu=true`).
///
/// An empty `allow` allows everything that is not denied; `deny` always wins.
package struct ModelRules: Hashable, Sendable {
    package var allow: [ModelPattern] = []
    package var deny: [ModelPattern] = []

    package init(allow: [ModelPattern] = [], deny: [ModelPattern] = []) {
        self.allow = allow
        self.deny = deny
    }
}

package enum ModelPattern: Hashable, Sendable {
    /// A name in which `*` stands for any run of characters.
    case name(String)
    case label(String, String)
}
