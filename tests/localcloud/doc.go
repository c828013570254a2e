// Package localcloud runs the program with no AWS account and no cluster: the
// real Pulumi engine and the real upstream AWS provider against an emulator,
// and a provider of its own against a real Kubernetes API server, all on the
// loopback address. `make up`, `make preview`, `make down` and the end-to-end
// tests are this package.
//
// It does not imitate AWS beyond its API: no data flows through a delivery
// stream, and permissions are not evaluated. Kubernetes objects are validated
// strictly and kept, but no operator acts on them. A search domain is a real
// OpenSearch, which knows who calls and grants what its roles do, behind a
// stand-in for the service around it (package searchfront).
//
// The command line, the language host and the AWS plugin that are installed on
// the machine are used where they are there. The adapter that stands in for the
// AWS plugin (package awsbridge) and the language host of the local cloud
// (cmd/pulumi-language-go) are the fallback for machines without the official
// ones, which are no Go modules and so cannot be built from pinned source.
package localcloud
