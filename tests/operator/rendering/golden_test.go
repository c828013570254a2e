package rendering_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/log-pipeline/tests/mocks"
)

func TestGoldenConfigurations(t *testing.T) {
	one := build(t)
	mocks.GoldenText(t, "fluentd.conf", one.Fluentd)
	mocks.GoldenText(t, "fluent-bit.conf", one.FluentBit)

	several := build(t, workers)
	mocks.GoldenText(t, "fluentd-workers.conf", several.Fluentd)
	assert.Equal(t, one.FluentBit, several.FluentBit, "agents know nothing of workers")

	mocks.GoldenText(t, "fluentd-outputs.conf", build(t, everyOutput).Fluentd)
}
