package permissions

import (
	"context"
	"encoding/json"
	"fmt"

	"example.com/log-pipeline/tests/nodetools"
)

var simulator = nodetools.Program{
	Name: "simulator", Title: "the policy simulator", Tests: "the permission tests",
	Source: "tests/permissions/simulator", Script: "simulate.mjs",
}

// EnsureSimulator has the simulator ready in .tools/simulator of the project's folder, and returns that folder: see
// [nodetools.Program.Ensure].
func EnsureSimulator(ctx context.Context, root string) (string, error) {
	return simulator.Ensure(ctx, root)
}

// Request is one call to AWS, as its authorization sees it. Policies go by their keys in [Questions].
type Request struct {
	// Principal is the session, service or OIDC provider that calls; "anonymous" for who signs nothing.
	Principal string `json:"principal"`
	// Action is what it calls, such as "kinesis:PutRecords".
	Action string `json:"action"`
	// Resource is the ARN on which it calls.
	Resource string `json:"resource"`
	// Account is the resource's account.
	Account string `json:"account"`
	// Context are the condition keys of the request.
	Context map[string]string `json:"context"`
	// Identity are the policies of the caller's identity.
	Identity []string `json:"identity"`
	// Attached is the policy attached to the resource: a role's trust, a key's, a bucket's, a domain's or a log group's
	// policy; empty for none.
	Attached string `json:"attached,omitempty"`
	// Want says whether it should be allowed.
	Want bool `json:"want"`
}

// Mutant is a policy changed, and the requests that should notice.
type Mutant struct {
	// Policy is the key of the policy in whose place Changed is put.
	Policy  string   `json:"policy"`
	Changed Document `json:"changed"`
	// Requests are indices into Questions.Requests.
	Requests []int `json:"requests"`
	// Want is what one of them has to come to for the mutant to be noticed: true for allowed.
	Want bool `json:"want"`
}

// Questions are what one run of the simulator answers.
type Questions struct {
	Policies map[string]Document `json:"policies"`
	Requests []Request           `json:"requests"`
	Mutants  []Mutant            `json:"mutants"`
}

// Verdict is what a request comes to.
type Verdict struct {
	// Decision is Allowed, ImplicitlyDenied or ExplicitlyDenied.
	Decision string `json:"decision"`
	// Why has a line for each statement that was looked at, if the decision is not the one that is wanted.
	Why []string `json:"why"`
	// Error says why the request or a policy makes no sense: an action, a condition key or an ARN that does not exist.
	Error string `json:"error"`
}

// Allowed says whether the request goes through.
func (v Verdict) Allowed() bool { return v.Decision == "Allowed" }

// Answers are in the order of the questions.
type Answers struct {
	Verdicts []Verdict `json:"verdicts"`
	// Mutants says which of them were noticed.
	Mutants []bool `json:"mutants"`
}

// Simulate answers all questions with one process. dir is what [EnsureSimulator] returned.
func Simulate(ctx context.Context, dir string, questions Questions) (Answers, error) {
	input, err := json.Marshal(questions)
	if err != nil {
		return Answers{}, fmt.Errorf("write the simulator's questions: %w", err)
	}
	output, err := simulator.Run(ctx, dir, input)
	if err != nil {
		return Answers{}, fmt.Errorf("run the policy simulator: %w", err)
	}
	var answers Answers
	if err := json.Unmarshal(output, &answers); err != nil {
		return Answers{}, fmt.Errorf("read the simulator's answers: %w", err)
	}
	if len(answers.Verdicts) != len(questions.Requests) || len(answers.Mutants) != len(questions.Mutants) {
		return Answers{}, fmt.Errorf("the simulator answered %d of %d requests and %d of %d mutants",
			len(answers.Verdicts), len(questions.Requests), len(answers.Mutants), len(questions.Mutants))
	}
	return answers, nil
}
