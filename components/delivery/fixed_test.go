package delivery_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/delivery"
)

// deployed is what a stack's output keeps of the settings.
func deployed(t *testing.T, fixed delivery.Fixed) delivery.Fixed {
	t.Helper()
	text, err := json.Marshal(fixed)
	require.NoError(t, err)
	var kept delivery.Fixed
	require.NoError(t, json.Unmarshal(text, &kept))
	return kept
}

func TestWhatWouldReplaceADeliveryStream(t *testing.T) {
	search := func(change func(*delivery.SearchArgs)) delivery.Fixed {
		args := minimalSearch()
		change(args)
		return args.Fixed()
	}
	plain := search(func(*delivery.SearchArgs) {})
	for name, test := range map[string]struct {
		after delivery.Fixed
		want  string
	}{
		"backup": {search(func(a *delivery.SearchArgs) { a.Backup.Mode = delivery.BackupAll }), `Backup.Mode: would replace the delivery stream, which keeps this for life: ` +
			`what is in its buffer is lost, and what arrives meanwhile comes twice (given: "all"); nearest: failed`},
		"network": {search(inVPC), `Network: would replace the delivery stream`},
	} {
		require.ErrorContains(t, test.after.Replacing(deployed(t, plain)), test.want, name)
	}
	require.ErrorContains(t, plain.Replacing(deployed(t, search(inVPC))), "Network: would replace")

	keyed := minimal()
	partitioned(keyed)
	assert.ErrorContains(t, keyed.Fixed().Replacing(deployed(t, minimal().Fixed())), `Partitioning: would replace the delivery stream`)
}

func TestWhatLeavesADeliveryStreamInPlace(t *testing.T) {
	before := minimalSearch()
	inVPC(before)
	after := minimalSearch()
	inVPC(after)
	after.Network.SubnetIDs[0], after.Network.SubnetIDs[1] = after.Network.SubnetIDs[1], after.Network.SubnetIDs[0]
	after.Backup.Mode, after.IndexName, after.Rotation = delivery.BackupFailed, "other", "OneHour"
	assert.Empty(t, after.Fixed().Replacing(deployed(t, before.Fixed())))
	assert.Empty(t, after.Fixed().Replacing(nil), "nothing is known of a delivery that is not there")

	keyed, other := minimal(), minimal()
	partitioned(keyed)
	partitioned(other)
	other.Partitioning.Query, other.Format = `.cluster // "none"`, delivery.FormatParquet
	assert.Empty(t, other.Fixed().Replacing(deployed(t, keyed.Fixed())))
}
