// Package localcloud runs the program with no AWS account: the real Pulumi
// engine and the real upstream AWS provider against an emulator on the loopback
// address. `make up`, `make preview`, `make down` and the end-to-end tests are
// this package.
//
// It does not imitate AWS beyond its API: no data flows through a delivery
// stream, and permissions are not evaluated.
package localcloud
