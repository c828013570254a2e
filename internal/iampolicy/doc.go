// Package iampolicy writes IAM policy documents: typed in Go, checked before anything is registered, and rendered to
// the same JSON every time.
//
// A document has a [Kind], because what a statement must say depends on where it is used: a trust policy has principals
// and no resources, an identity policy the reverse, a key policy speaks of its own key only. Values that come out of
// resources (ARNs, names) are Pulumi inputs, and a document is rendered once all of them are known.
//
// What it refuses: a wildcard in an allowed action, "*" as an allowed resource, everyone as an allowed principal, a
// wildcard within a principal, an identity provider without the subject of its tokens, and statements that lack an effect,
// an action, or what their kind needs. There are two exceptions: a key policy that hands the key's administration to its
// account's IAM, which AWS itself documents and which has a constructor of its own, [AccountAdministration], and the few actions
// that have no resources.
//
// What it does not do: it looks nothing up (no invoke, so no default provider and no stub under mocks), and it does not
// know which actions exist.
package iampolicy
