package iampolicy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/iampolicy"
)

func TestPartitionFollowsFromRegion(t *testing.T) {
	for region, want := range map[string]string{
		"eu-central-1": "aws", "us-east-1": "aws", "ap-southeast-2": "aws", "il-central-1": "aws", "mx-central-1": "aws",
		"cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov", "us-iso-east-1": "aws-iso", "us-isob-east-1": "aws-iso-b",
		"eu-isoe-west-1": "aws-iso-e", "us-isof-south-1": "aws-iso-f", "eusc-de-east-1": "aws-eusc",
	} {
		got, err := iampolicy.PartitionOf(region)
		require.NoError(t, err)
		assert.Equal(t, want, got.ID, region)
	}
	for _, region := range []string{"", "moon-east-1", "eu-central", "EU-CENTRAL-1", "aws-global", "eu-wset-1", "eu-west-9", "eu-central-1a", "xeu-central-1", "eu-CENTRAL-1", "eu-central-100"} {
		_, err := iampolicy.PartitionOf(region)
		assert.ErrorContains(t, err, "region", region)
	}
}

func TestNearestRegion(t *testing.T) {
	for text, want := range map[string]string{
		"eu-wset-1": "eu-west-1", "eu-centra-1": "eu-central-1", "EU-West-3": "eu-west-3", "us-gov-west1": "us-gov-west-1",
		"us-east-2a": "us-east-2", "euwest1": "eu-west-1", "": "", "moon": "", "frankfurt": "",
	} {
		faults := iampolicy.Region.Check("region", text)
		require.Len(t, faults, 1, text)
		assert.Equal(t, want, faults[0].Nearest, text)
	}
	assert.EqualError(t, iampolicy.Region.Check("region", "eu-wset-1"), `region: not a region that this program knows `+
		`(given: "eu-wset-1"); nearest: eu-west-1; allowed: an AWS region such as eu-west-1`)
}
