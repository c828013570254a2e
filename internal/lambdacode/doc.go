// Package lambdacode builds a command in Go into the ZIP file that AWS Lambda runs under provided.al2023: one executable called
// bootstrap (docs.aws.amazon.com/lambda/latest/dg/golang-package.html).
//
// The same sources and the same version of Go make the same bytes, in whatever folder they lie and whatever GOFLAGS and the
// like are set to: code that did not change is no change of the function. Go's own caches serve as for any other build.
//
// What it does not do: no cgo, no other runtimes, no signing. Files of earlier code stay in the folder.
package lambdacode
