// Package permissions proves the program's IAM, hop by hop and across accounts: who can do what, and who cannot.
//
// Its tests run the program under mocks, collect every role and every policy of a key, a bucket, a search domain or log
// groups that it registers, and put a table of requests to a policy simulator. A request that has to be allowed stands next
// to requests that differ from it in one thing and have to be denied, so that each denial is for the reason that its name
// gives.
//
// Three sweeps keep the table honest. Each role has requests of both kinds, for taking it on and for what it may do.
// Nothing is granted that no request needs: without any one action, resource or value of a policy, a request that has to
// be allowed is denied. And nothing is granted wider than it looks: without any one condition, or with a wildcard for the
// actions, resources or principals of a statement, a request that has to be denied is allowed. The last is also the proof
// that the simulator takes conditions seriously.
//
// The simulator is @cloud-copilot/iam-simulate, run by Node.js 20 or later. It is a test tool only: it is licensed under
// AGPL-3.0-or-later, is installed by npm into .tools when the tests run, and is no part of the program.
//
// What this does not prove: which calls a service really makes (the requests are those that its documentation names),
// session policies, permissions boundaries and an organization's control policies, of which the program makes none.
package permissions
