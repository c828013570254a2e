package logging

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Kubernetes' own writing of each, since another would be a change of what is there (k8s.io/apimachinery pkg/api/resource).
func TestQuantitiesAreWrittenAsKubernetesDoes(t *testing.T) {
	for n, want := range map[int]string{
		1: "1Mi", 512: "512Mi", 1023: "1023Mi", 1024: "1Gi", 1536: "1536Mi", 21 << 10: "21Gi", 1 << 20: "1Ti", 3 << 20: "3Ti", 1 << 30: "1Pi",
	} {
		assert.Equal(t, want, mebibytes(n))
	}
	for n, want := range map[int]string{100: "100m", 500: "500m", 1000: "1", 1500: "1500m", 16_000: "16"} {
		assert.Equal(t, want, millicores(n))
	}
}
