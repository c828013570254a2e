package operator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/tests/mocks"
	"example.com/log-pipeline/tests/operator"
	"example.com/log-pipeline/tests/operator/rendering"
)

// everything are arguments that between them have every field of the specs set.
func everything() []*logging.Args {
	all := func() *logging.Args {
		return &logging.Args{
			Cluster:    "prod-eu",
			Aggregator: logging.Aggregator{RoleARN: "arn:aws:iam::222222222222:role/fluentd", Workers: 3, StorageClass: "gp3"},
			Writer:     logging.Writer{RoleARN: "arn:aws:iam::111111111111:role/writer", ExternalID: "4f1c"},
			Stream:     &logging.Stream{Name: "logs", Region: "eu-central-1"},
			S3:         &logging.S3{BucketName: pulumi.String("raw"), Region: "eu-central-1"},
			Firehose:   &logging.Firehose{DeliveryStreamName: "direct", Region: "eu-central-1"},
			Failed:     logging.Failed{BucketName: pulumi.String("failed"), Region: "eu-central-1"},
			Flows: []logging.Flow{
				{Name: "mesh", Containers: []string{"istio-proxy"}, Parser: logging.Istio},
				{
					Name: "shop", Namespaces: []string{"shop"}, Labels: map[string]string{"app": "web"},
					ExcludedContainers: []string{"istio-proxy"}, ExcludedLabels: map[string]string{"app": "noise"},
				},
			},
			Monitoring: logging.Monitoring{ServiceMonitors: true, PrometheusRules: true},
		}
	}
	diverting := all()
	diverting.Events.Oversize = logging.Divert
	return []*logging.Args{all(), diverting}
}

func TestEachFieldOfASpecIsSetInAValidObject(t *testing.T) {
	set := make(map[string]bool)
	for _, args := range everything() {
		recording, err := mocks.Up(func(ctx *pulumi.Context) error {
			_, err := logging.New(ctx, "eks", args)
			return err
		})
		require.NoError(t, err)
		for _, object := range rendering.Objects(recording) {
			spec, exists := specs[object.GetKind()]
			if !exists {
				assert.Equal(t, "Namespace", object.GetKind())
				continue
			}
			if isOperators(object) {
				require.NoError(t, operator.Validate(definitions(t), object))
			}
			registered := object.Object["spec"]
			assertSurvives(t, registered, spec.theirs)
			setFields(spec.ours, registered, set)
		}
	}
	for kind, spec := range specs {
		for _, field := range allFields(spec.ours) {
			assert.True(t, set[field], "%s: no object sets %s", kind, field)
		}
	}
}

// assertSurvives shows that a spec has no field that a type does not have, and that each value is as the type writes it.
func assertSurvives(t *testing.T, registered any, theirs reflect.Type) {
	t.Helper()
	read := reflect.New(theirs)
	decoder := json.NewDecoder(bytes.NewReader([]byte(asJSON(t, registered))))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(read.Interface()))
	var again any
	require.NoError(t, json.Unmarshal([]byte(asJSON(t, read.Interface())), &again))
	assertHolds(t, theirs.String(), again, registered)
}

// assertHolds shows that a value has all of another: an object may have more fields.
func assertHolds(t *testing.T, path string, value, part any) {
	t.Helper()
	switch part := part.(type) {
	case map[string]any:
		fields, _ := value.(map[string]any)
		for name, element := range part {
			assertHolds(t, path+"."+name, fields[name], element)
		}
	case []any:
		list, _ := value.([]any)
		if assert.Len(t, list, len(part), path) {
			for i, element := range part {
				assertHolds(t, fmt.Sprintf("%s.%d", path, i), list[i], element)
			}
		}
	default:
		assert.Equal(t, part, value, path)
	}
}

// setFields notes which fields of a type a value has set, and of the types within.
func setFields(of reflect.Type, value any, set map[string]bool) {
	of = pointedTo(of)
	switch value := value.(type) {
	case map[string]any:
		if of.Kind() != reflect.Struct {
			return
		}
		for name, field := range fieldsOf(of) {
			if element, exists := value[name]; exists {
				set[of.Name()+"."+name] = true
				setFields(field, element, set)
			}
		}
	case []any:
		for _, element := range value {
			setFields(of.Elem(), element, set)
		}
	}
}

// allFields are the fields of a type and of the types within.
func allFields(of reflect.Type) []string {
	of = pointedTo(of)
	switch of.Kind() {
	case reflect.Slice, reflect.Map:
		return allFields(of.Elem())
	case reflect.Struct:
		var fields []string
		for name, field := range fieldsOf(of) {
			fields = append(fields, of.Name()+"."+name)
			fields = append(fields, allFields(field)...)
		}
		return fields
	}
	return nil
}
