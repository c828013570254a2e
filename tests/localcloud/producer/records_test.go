package producer

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The filter's own test has this one (gh:uken/fluent-plugin-elasticsearch test/plugin/test_filter_elasticsearch_genid.rb,
// test_record_with_tag).
func TestEventIDIsThatOfTheFilter(t *testing.T) {
	assert.Equal(t, "4hwh10qfw9B24NtNFoEFF8wCiImvgIy1Vk4gzcKt5Pw=",
		eventID("test.fluentd", "26", "parent", "routing", "This is also encoded value."))
}
