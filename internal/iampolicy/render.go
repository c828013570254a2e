package iampolicy

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// JSON validates the document and renders it, once its inputs are known. While one of them is unknown (preview) the
// result is unknown too.
//
// The inputs are gathered and handed to a pure function. pulumi.JSONMarshal would take the statements as they are, but
// inputs in struct fields and in []pulumi.StringInput make it fail, and only in the update, not in preview.
func (d Document) JSON() (pulumi.StringOutput, error) {
	if err := d.Validate(); err != nil {
		return pulumi.StringOutput{}, err
	}
	inputs := d.inputs()
	pending := make([]any, len(inputs))
	for i, input := range inputs {
		pending[i] = input.ToStringOutput()
	}
	return pulumi.All(pending...).ApplyT(func(resolved []any) (string, error) {
		values := make([]string, len(resolved))
		for i, v := range resolved {
			values[i] = v.(string)
		}
		return d.render(values)
	}).(pulumi.StringOutput), nil
}

// Text validates and renders a document that has plain strings only, at once. It is an error if a value is an output.
func (d Document) Text() (string, error) {
	if err := d.Validate(); err != nil {
		return "", err
	}
	inputs := d.inputs()
	values := make([]string, len(inputs))
	for i, input := range inputs {
		plain, ok := input.(pulumi.String)
		if !ok {
			return "", fmt.Errorf("%s policy: value %d is not known before the run", d.Kind, i)
		}
		values[i] = string(plain)
	}
	return d.render(values)
}

// inputs lists every value of the document, in the order in which render takes them.
func (d Document) inputs() []pulumi.StringInput {
	var inputs []pulumi.StringInput
	for _, s := range d.Statements {
		for _, p := range s.Principals {
			inputs = append(inputs, p.values...)
		}
		inputs = append(inputs, s.Resources...)
		for _, c := range s.Conditions {
			inputs = append(inputs, c.Values...)
		}
	}
	return inputs
}

// render is pure: the same document and values are the same text, since encoding/json sorts the keys of maps.
func (d Document) render(values []string) (string, error) {
	take := func(n int) []string {
		taken := values[:n:n]
		values = values[n:]
		return taken
	}
	statements := make([]map[string]any, len(d.Statements))
	for i, s := range d.Statements {
		statement, err := s.render(d.Kind, take)
		if err != nil {
			return "", fmt.Errorf("%s policy: statement %s: %w", d.Kind, s.Sid, err)
		}
		statements[i] = statement
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	return string(text), err
}

func (s Statement) render(kind Kind, take func(int) []string) (map[string]any, error) {
	out := map[string]any{"Sid": s.Sid, "Effect": s.Effect, "Action": s.Actions}
	principals := map[string][]string{}
	for _, p := range s.Principals {
		principals[p.kind] = append(principals[p.kind], take(len(p.values))...)
	}
	resources := take(len(s.Resources))
	if !s.resourceless() {
		if err := checkResolved("resource", resources, s.Effect); err != nil {
			return nil, err
		}
	}
	for kind, values := range principals {
		what := "principal " + kind
		if err := checkResolved(what, values, s.Effect); err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(values, partlyWild); i >= 0 {
			return nil, partlyWildError(what, values[i])
		}
	}
	if kind == Key {
		resources = []string{"*"}
	}
	if len(principals) > 0 {
		out["Principal"] = principals
	}
	if len(resources) > 0 {
		out["Resource"] = resources
	}
	conditions, err := s.renderConditions(take)
	if len(conditions) > 0 {
		out["Condition"] = conditions
	}
	return out, err
}

func (s Statement) renderConditions(take func(int) []string) (map[string]map[string][]string, error) {
	conditions := map[string]map[string][]string{}
	for _, c := range s.Conditions {
		values := take(len(c.Values))
		if slices.Contains(values, "") {
			return nil, fmt.Errorf("condition %s %s: a value resolved to nothing", c.Operator, c.Key)
		}
		if conditions[c.Operator] == nil {
			conditions[c.Operator] = map[string][]string{}
		}
		conditions[c.Operator][c.Key] = values
	}
	return conditions, nil
}

// checkResolved repeats for outputs what Validate could see of plain values only.
func checkResolved(what string, values []string, effect Effect) error {
	if slices.Contains(values, "") {
		return fmt.Errorf("%s: a value resolved to nothing", what)
	}
	if effect == Allow && slices.Contains(values, "*") {
		return fmt.Errorf("%s %q may not be allowed", what, "*")
	}
	return nil
}
