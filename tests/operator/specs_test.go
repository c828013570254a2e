package operator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/kube-logging/logging-operator/pkg/sdk/logging/api/v1beta1"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/internal/loggingspec"
)

// specs are the program's own types of custom resources and those that they stand for, by kind.
var specs = map[string]struct{ ours, theirs reflect.Type }{
	"FluentbitAgent": {reflect.TypeFor[loggingspec.FluentbitAgent](), reflect.TypeFor[v1beta1.FluentbitSpec]()},
	"Logging":        {reflect.TypeFor[loggingspec.Logging](), reflect.TypeFor[v1beta1.LoggingSpec]()},
	"ClusterFlow":    {reflect.TypeFor[loggingspec.ClusterFlow](), reflect.TypeFor[v1beta1.ClusterFlowSpec]()},
	"ClusterOutput":  {reflect.TypeFor[loggingspec.ClusterOutput](), reflect.TypeFor[v1beta1.ClusterOutputSpec]()},
	"PrometheusRule": {reflect.TypeFor[loggingspec.PrometheusRule](), reflect.TypeFor[monitoringv1.PrometheusRuleSpec]()},
}

func TestEachFieldOfASpecIsOneOfTheOperators(t *testing.T) {
	for kind, spec := range specs {
		assert.Empty(t, differences(kind, spec.ours, spec.theirs))
	}
}

func TestAFieldThatIsNotTheOperatorsIsFound(t *testing.T) {
	type buffer struct {
		FlushInterval string `json:"flush_intervall,omitzero"`
	}
	type stream struct {
		Buffer *buffer `json:"buffer,omitzero"`
	}
	for name, test := range map[string]struct {
		ours any
		want string
	}{
		"misspelt, below others": {
			struct {
				Stream stream `json:"kinesisStream"`
			}{},
			"ClusterOutput.kinesisStream.buffer.flush_intervall: output.Buffer has no such field",
		},
		"in other case": {
			struct {
				LoggingRef string `json:"loggingref"`
			}{},
			"ClusterOutput.loggingref: v1beta1.ClusterOutputSpec has no such field",
		},
		"without a name": {struct{ Protected bool }{}, "ClusterOutput.Protected: v1beta1.ClusterOutputSpec has no such field"},
		"text for a boolean": {
			struct {
				Protected string `json:"protected"`
			}{},
			`ClusterOutput.protected: "1" becomes no bool`,
		},
		"a number for text": {
			struct {
				LoggingRef int `json:"loggingRef"`
			}{},
			"ClusterOutput.loggingRef: 1 becomes no string",
		},
		"one for several": {
			struct {
				S3 []loggingspec.S3 `json:"s3"`
			}{},
			"ClusterOutput.s3: [{}] becomes no output.S3OutputConfig",
		},
		"a plain value for an object": {
			struct {
				S3 string `json:"s3"`
			}{},
			`ClusterOutput.s3: "1" becomes no output.S3OutputConfig`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, []string{test.want},
				differences("ClusterOutput", reflect.TypeOf(test.ours), reflect.TypeFor[v1beta1.ClusterOutputSpec]()))
		})
	}
}

// differences are the fields of ours, by their paths, that theirs does not have under the same name in JSON, or has with a type
// that is written in another way.
func differences(path string, ours, theirs reflect.Type) []string {
	ours, theirs = pointedTo(ours), pointedTo(theirs)
	switch {
	case ours.Kind() == reflect.Struct && theirs.Kind() == reflect.Struct:
		known := fieldsOf(theirs)
		var found []string
		for name, field := range fieldsOf(ours) {
			if other, exists := known[name]; exists {
				found = append(found, differences(path+"."+name, field, other)...)
			} else {
				found = append(found, fmt.Sprintf("%s.%s: %s has no such field", path, name, theirs))
			}
		}
		return found
	case ours.Kind() == reflect.Slice && theirs.Kind() == reflect.Slice:
		return differences(path+"[]", ours.Elem(), theirs.Elem())
	case ours.Kind() == reflect.Map && theirs.Kind() == reflect.Map:
		return append(differences(path+" key", ours.Key(), theirs.Key()), differences(path+"{}", ours.Elem(), theirs.Elem())...)
	}
	written, err := json.Marshal(sample(ours).Interface())
	if err != nil {
		return []string{fmt.Sprintf("%s: %v", path, err)}
	}
	read := reflect.New(theirs)
	err = json.Unmarshal(written, read.Interface())
	again, failed := json.Marshal(read.Interface())
	if err != nil || failed != nil || !bytes.Equal(written, again) {
		return []string{fmt.Sprintf("%s: %s becomes no %s", path, written, theirs)}
	}
	return nil
}

func pointedTo(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// fieldsOf are the types of a struct's fields by their names in JSON, those of embedded structs too.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	fields := make(map[string]reflect.Type)
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-" || !field.IsExported():
		case name != "":
			fields[name] = field.Type
		case field.Anonymous:
			for name, inner := range fieldsOf(pointedTo(field.Type)) {
				fields[name] = inner
			}
		default:
			fields[field.Name] = field.Type
		}
	}
	return fields
}

// sample is a value that is not zero, and if it is text is a quantity too.
func sample(t reflect.Type) reflect.Value {
	value := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		value.SetString("1")
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Slice:
		value = reflect.Append(value, sample(t.Elem()))
	default:
		if value.CanInt() {
			value.SetInt(1)
		}
	}
	return value
}
