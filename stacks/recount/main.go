// Command recount has the batch count days, or any whole minutes, again:
//
//	go run ./stacks/recount -stack prod -from 2026-11-25 -to 2026-11-26
//
// It starts a run of the stack's EMR Serverless application with the settings of the last `pulumi up`, through the command lines
// of Pulumi and AWS, whose credentials and backend it uses. The run replaces what the batch counted of that time before, in one
// commit for each day. It may move the cut-over on, and never back.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"time"

	"example.com/log-pipeline/components/metrics"
)

// outputs are those of the stack that a run is started with.
type outputs struct {
	Region      string `json:"region"`
	Recount     string `json:"batchRecount"`
	LogGroup    string `json:"batchLogGroup"`
	Application string `json:"batchApplicationId"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], time.Now(), command, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// command runs a program and returns what it prints; what it complains of is shown.
func command(ctx context.Context, name string, arguments ...string) ([]byte, error) {
	var printed bytes.Buffer
	c := exec.CommandContext(ctx, name, arguments...)
	c.Stdout, c.Stderr = &printed, os.Stderr
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return printed.Bytes(), nil
}

// run reads the arguments and starts the run. do runs a program.
func run(
	ctx context.Context, arguments []string, now time.Time,
	do func(ctx context.Context, name string, arguments ...string) ([]byte, error), out io.Writer,
) error {
	flags := flag.NewFlagSet("recount", flag.ContinueOnError)
	stack := flags.String("stack", "", "the stack, such as prod")
	fromText := flags.String("from", "", "the first minute, such as 2026-11-25 or 2026-11-25T13:00Z")
	toText := flags.String("to", "", "the minute after the last one, in the same form; not in the future")
	acceptMissing := flags.Bool("accept-missing", false, "counts what is in S3 where the streaming job saw more: for what is lost for good")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	from, faultsOfFrom := minute("from", *fromText)
	to, faultsOfTo := minute("to", *toText)
	if err := errors.Join(given("stack", *stack), faultsOfFrom, faultsOfTo, ordered(from, to, now)); err != nil {
		return err
	}
	text, err := do(ctx, "pulumi", "stack", "output", "--json", "--stack", *stack)
	if err != nil {
		return err
	}
	var of outputs
	if err := json.Unmarshal(text, &of); err != nil {
		return fmt.Errorf("read the outputs of the stack %s: %w", *stack, err)
	}
	request, err := requestFor(of, from, to, *acceptMissing)
	if err != nil {
		return fmt.Errorf("stack %s: %w", *stack, err)
	}
	answer, err := do(ctx, "aws", "emr-serverless", "start-job-run", "--region", of.Region, "--output", "json", "--cli-input-json", request)
	if err != nil {
		return err
	}
	var started struct{ JobRunID string }
	if err := json.Unmarshal(answer, &started); err != nil {
		return fmt.Errorf("read what aws says of the run: %w", err)
	}
	_, err = fmt.Fprintf(out, "Run %s counts %s to %s again. Watch it:\n"+
		"  aws emr-serverless get-job-run --region %s --application-id %s --job-run-id %s --query jobRun.[state,stateDetails]\n"+
		"  aws logs tail %s --region %s --follow\n",
		started.JobRunID, from.Format(minuteForm), to.Format(minuteForm), of.Region, of.Application, started.JobRunID, of.LogGroup, of.Region)
	return err
}

const (
	dayForm    = "2006-01-02"
	minuteForm = "2006-01-02T15:04Z"
)

func given(name, text string) error {
	if text == "" {
		return fmt.Errorf("-%s is not set", name)
	}
	return nil
}

// minute reads a day, which is its midnight, or a minute, in UTC.
func minute(name, text string) (time.Time, error) {
	if err := given(name, text); err != nil {
		return time.Time{}, err
	}
	for _, form := range []string{dayForm, minuteForm} {
		if at, err := time.Parse(form, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("-%s is %q, must be a day such as 2026-11-25, or a minute in UTC such as 2026-11-25T13:00Z", name, text)
}

func ordered(from, to, now time.Time) error {
	switch {
	case from.IsZero() || to.IsZero():
		return nil
	case to.After(now):
		return fmt.Errorf("-to is %s, must not be in the future: it is %s", to.Format(minuteForm), now.UTC().Format(minuteForm))
	case !from.Before(to):
		return fmt.Errorf("-from is %s, must be before -to, which is %s", from.Format(minuteForm), to.Format(minuteForm))
	}
	return nil
}

// requestFor is the request for a run that the stack has put out, with the time that it is to count.
func requestFor(of outputs, from, to time.Time, acceptMissing bool) (string, error) {
	if of.Recount == "" {
		return "", errors.New("it has no output batchRecount, and so no batch")
	}
	var request map[string]any
	if err := json.Unmarshal([]byte(of.Recount), &request); err != nil {
		return "", fmt.Errorf("read the output batchRecount: %w", err)
	}
	driver, _ := request["jobDriver"].(map[string]any)
	submit, _ := driver["sparkSubmit"].(map[string]any)
	arguments, _ := submit["entryPointArguments"].([]any)
	for _, part := range []struct {
		placeholder string
		time        time.Time
	}{{metrics.RecountFrom, from}, {metrics.RecountTo, to}} {
		at := slices.Index(arguments, any(part.placeholder))
		if at < 0 {
			return "", fmt.Errorf("its output batchRecount has no %s among jobDriver.sparkSubmit.entryPointArguments", part.placeholder)
		}
		arguments[at] = part.time.Format(minuteForm)
	}
	if acceptMissing {
		submit["entryPointArguments"] = append(arguments, "--missing", "accept")
	}
	text, err := json.Marshal(request)
	return string(text), err
}
