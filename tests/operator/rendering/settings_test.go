package rendering_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"example.com/log-pipeline/components/logging"
)

// setting is something without which logs are lost or cannot be used, as it stands in what the operator writes, and a change
// of the custom resources that takes it away.
type setting struct {
	name  string
	check func(t assert.TestingT, p *pipeline)
	drop  change
}

// change alters custom resources and says whether there was anything to alter.
type change func([]*unstructured.Unstructured) bool

// variants are what every setting has to hold in.
var variants = []struct {
	name    string
	changes []func(*logging.Args)
}{
	{"one worker", nil},
	{"several workers", []func(*logging.Args){workers}},
	{"every output", []func(*logging.Args){everyOutput}},
	{"all of it", []func(*logging.Args){workers, everyOutput}},
}

func settings() []setting {
	return slices.Concat(agentSettings(), bufferSettings(), workloadSettings(), eventSettings(), flowSettings())
}

func TestSettings(t *testing.T) {
	for _, v := range variants {
		p := build(t, v.changes...)
		assert.Empty(t, p.Problems, v.name)
		for _, s := range settings() {
			t.Run(v.name+"/"+s.name, func(t *testing.T) { s.check(t, p) })
		}
	}
}

// A check that holds without its setting shows nothing.
func TestSettingsAreMissed(t *testing.T) {
	for _, s := range settings() {
		t.Run(s.name, func(t *testing.T) {
			for _, v := range variants {
				given, objects := register(t, v.changes...)
				require.True(t, s.drop(objects), "there is nothing to drop")
				p, err := render(t, given, objects)
				silent := &recorder{}
				if err == nil {
					s.check(silent, p)
				}
				if err != nil || silent.failed {
					return
				}
			}
			assert.Fail(t, "the check holds without the setting")
		})
	}
}

// recorder takes the place of a test that is expected to fail.
type recorder struct{ failed bool }

func (r *recorder) Errorf(string, ...any) { r.failed = true }

// without removes a field from all objects of a kind.
func without(kind string, path ...string) change {
	return each(kind, func(o *unstructured.Unstructured) bool {
		_, there, _ := unstructured.NestedFieldNoCopy(o.Object, path...)
		unstructured.RemoveNestedField(o.Object, path...)
		return there
	})
}

// with gives a field another value in all objects of a kind that have it.
func with(value any, kind string, path ...string) change {
	return each(kind, func(o *unstructured.Unstructured) bool {
		if _, there, _ := unstructured.NestedFieldNoCopy(o.Object, path...); !there {
			return false
		}
		return unstructured.SetNestedField(o.Object, value, path...) == nil
	})
}

func each(kind string, alter func(*unstructured.Unstructured) bool) change {
	return func(objects []*unstructured.Unstructured) bool {
		altered := false
		for _, o := range objects {
			altered = o.GetKind() == kind && alter(o) || altered
		}
		return altered
	}
}

// filterLists are where the custom resources have filters.
var filterLists = map[string][][]string{
	"Logging":     {{"spec", "globalFilters"}, {"spec", "defaultFlow", "filters"}},
	"ClusterFlow": {{"spec", "filters"}},
}

// withoutFilter removes a plugin's filters, wherever they stand.
func withoutFilter(plugin string) change {
	return eachFilter(func(filter map[string]any) (kept, altered bool) {
		return filter[plugin] == nil, filter[plugin] != nil
	})
}

// withoutInFilter removes a field of a plugin's filters.
func withoutInFilter(plugin, field string) change {
	return eachFilter(func(filter map[string]any) (kept, altered bool) {
		config, _ := filter[plugin].(map[string]any)
		_, altered = config[field]
		delete(config, field)
		return true, altered
	})
}

// eachFilter alters the filters of all flows and of the Logging, and removes those that are not kept.
func eachFilter(alter func(filter map[string]any) (kept, altered bool)) change {
	return func(objects []*unstructured.Unstructured) bool {
		found := false
		for _, o := range objects {
			for _, path := range filterLists[o.GetKind()] {
				filters, _, _ := unstructured.NestedSlice(o.Object, path...)
				filters = slices.DeleteFunc(filters, func(f any) bool {
					kept, altered := alter(f.(map[string]any))
					found = found || altered
					return !kept
				})
				if len(filters) > 0 {
					_ = unstructured.SetNestedSlice(o.Object, filters, path...)
				} else {
					unstructured.RemoveNestedField(o.Object, path...)
				}
			}
		}
		return found
	}
}
