package permissions

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Document is a policy as iampolicy writes it: every element a list.
type Document struct {
	Version   string
	Statement []Statement
}

// Statement is a statement of a policy.
type Statement struct {
	Sid, Effect string
	Principal   map[string][]string `json:",omitempty"`
	Action      []string
	Resource    []string                       `json:",omitempty"`
	Condition   map[string]map[string][]string `json:",omitempty"`
}

// parse refuses elements that it does not know, such as NotAction: the sweeps would pass over them.
func parse(text string) (Document, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	var d Document
	if err := decoder.Decode(&d); err != nil {
		return Document{}, fmt.Errorf("no policy that can be read: %w\n%s", err, text)
	}
	return d, nil
}

// with is a copy in which one statement is another.
func (d Document) with(index int, s Statement) Document {
	d.Statement = slices.Clone(d.Statement)
	d.Statement[index] = s
	return d
}

// without is a copy that lacks one statement.
func (d Document) without(index int) Document {
	d.Statement = slices.Delete(slices.Clone(d.Statement), index, index+1)
	return d
}

// on is a copy that has other values for one condition; without any the condition is gone.
func (s Statement) on(operator, key string, values ...string) Statement {
	s.Condition = maps.Clone(s.Condition)
	s.Condition[operator] = maps.Clone(s.Condition[operator])
	s.Condition[operator][key] = values
	if len(values) == 0 {
		delete(s.Condition[operator], key)
	}
	if len(s.Condition[operator]) == 0 {
		delete(s.Condition, operator)
	}
	return s
}
