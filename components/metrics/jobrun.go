package metrics

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

const (
	// RecountFrom stands in Batch.Recount for the start of the first window.
	RecountFrom = "FROM"
	// RecountTo stands there for the end of the last one, exclusive.
	RecountTo = "TO"

	// executionID is what EventBridge Scheduler puts the id of the call in place of
	// (docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html).
	executionID = "<aws.scheduler.execution-id>"
)

// jobRun is a request of EMR Serverless (docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartJobRun.html). It is far
// from what the API takes, 1,024 arguments and 102,400 characters of parameters, and from the 256 KB that a schedule's input
// may have.
type jobRun struct {
	applicationID, roleARN, name, entryPoint, parameters, logGroup string
	arguments                                                      []string
	timeoutMinutes                                                 int
}

// request has the logs in the log group alone: what EMR Serverless would keep besides, for its own pages, is not encrypted by a
// key of ours (docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html).
func (r jobRun) request() map[string]any {
	return map[string]any{
		"applicationId":           r.applicationID,
		"executionRoleArn":        r.roleARN,
		"name":                    r.name,
		"executionTimeoutMinutes": r.timeoutMinutes,
		"jobDriver": map[string]any{"sparkSubmit": map[string]any{
			"entryPoint": r.entryPoint, "entryPointArguments": r.arguments, "sparkSubmitParameters": r.parameters,
		}},
		"configurationOverrides": map[string]any{"monitoringConfiguration": map[string]any{
			"cloudWatchLoggingConfiguration":            map[string]any{"enabled": true, "logGroupName": r.logGroup},
			"managedPersistenceMonitoringConfiguration": map[string]any{"enabled": false},
		}},
	}
}

// recount is the request with a range to put in.
func (r jobRun) recount() (string, error) {
	r.arguments = slices.Concat(r.arguments, []string{"--from", RecountFrom, "--to", RecountTo})
	return encode(r.request())
}

// scheduled is the input of a schedule's target.
func (r jobRun) scheduled() (string, error) {
	request := r.request()
	request["clientToken"] = executionID
	return encode(capitalized(request))
}

// capitalized has the members' names as universal targets want them
// (docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html).
func capitalized(value any) any {
	members, ok := value.(map[string]any)
	if !ok {
		return value
	}
	named := make(map[string]any, len(members))
	for name, member := range members {
		named[strings.ToUpper(name[:1])+name[1:]] = capitalized(member)
	}
	return named
}

// encode leaves < and > as they are: EventBridge Scheduler looks for them.
func encode(value any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", fmt.Errorf("request of a run: %w", err)
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}
