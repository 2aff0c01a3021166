extension Explanation {
    /// Found in a commit itself: CH4000 to CH4999. Where the policy says `warn`, they are said and the commit is applied.
    static let commits: [Explanation] = [
        Explanation(
            .signatureMissing,
            cause: "A commit is not signed, and the `signatures` of the applied `charter.yaml` ask for it.",
            remedy: "Sign it with `git commit --amend -S`, or let somebody who is a signer commit it."),
        Explanation(
            .signatureBad,
            cause: "A commit's signature proves nothing: it is broken, over another text, or by a key that has expired.",
            remedy: "Sign the commit again; should you not know where it comes from, do not."),
        Explanation(
            .signerNotTrusted,
            cause: "A commit is signed with a key that the applied `charter.yaml` does not know. What the commit itself says of `signers` does not count.",
            remedy: "Sign with a declared key, or let a trusted signer commit the new one first."),
        Explanation(
            .signatureNotChecked,
            cause: "A commit's signature cannot be checked here: it is of OpenPGP and `gpg` is not installed or no signer has such a key, or it is of a third sort.",
            remedy: "Install `gpg` beside Charter, declare the signer's `openpgp` key, or sign with an SSH key."),
        Explanation(
            .signerNotOfPath,
            cause: "A commit changes a file for which a rule of `owners` names signers, and none of them signed it. Changes of `charter.yaml` itself need any trusted signer.",
            remedy: "Let one of them sign the commit, or take the file out of it."),
        Explanation(
            .commitsNotKnown,
            cause: "Not all commits since the applied one can be listed: it is gone from the repository, the clone is shallow, or there are too many.",
            remedy: "Bring the applied commit back into the branch's history, or accept the tip by hand with `charter apply --accept-unverified`."),
    ]
}
