package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/iampolicy"
)

// The SDK is what knows first of a new region: an update of it that brings one fails here until the region is added.
func TestRegionsAreThoseOfTheAWSSDK(t *testing.T) {
	download := exec.Command("go", "mod", "download", "-json", "github.com/aws/aws-sdk-go-v2")
	download.Stderr = os.Stderr
	out, err := download.Output()
	require.NoError(t, err)
	var module struct{ Dir string }
	require.NoError(t, json.Unmarshal(out, &module))
	text, err := os.ReadFile(filepath.Join(module.Dir, "internal", "endpoints", "awsrulesfn", "partitions.json"))
	require.NoError(t, err)
	var sdk struct {
		Partitions []struct {
			ID      string
			Outputs struct{ DNSSuffix string }
			Regions map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(text, &sdk))
	var regions []string
	for _, p := range sdk.Partitions {
		for region := range p.Regions {
			if strings.HasSuffix(region, "-global") {
				continue
			}
			regions = append(regions, region)
			got, err := iampolicy.PartitionOf(region)
			if assert.NoError(t, err, "add %s to the partition %s", region, p.ID) {
				assert.Equal(t, iampolicy.Partition{ID: p.ID, DNSSuffix: p.Outputs.DNSSuffix}, got, region)
			}
		}
	}
	assert.ElementsMatch(t, regions, iampolicy.Regions())
}
