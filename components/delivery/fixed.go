package delivery

import (
	"maps"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// Fixed are the settings that a delivery stream keeps for life, by their paths in the args. With another value the provider makes
// a second delivery stream and then deletes the first (it has ForceNew on s3_backup_mode, vpc_config and
// dynamic_partitioning_configuration, as on the source and the kind of the destination): what arrives meanwhile is delivered
// twice, and what the first has in its buffer is lost. Who keeps what was deployed, as JSON, can refuse that in a preview.
type Fixed map[fault.Path]string

const none = "none"

// Fixed are the settings that the delivery stream keeps for life. It may be called on nil.
func (a *S3Args) Fixed() Fixed {
	partitioning := none
	if a != nil && a.Partitioning != nil {
		partitioning = "a key"
	}
	return Fixed{"Partitioning": partitioning}
}

// Fixed are the settings that the delivery stream keeps for life. It may be called on nil.
func (a *SearchArgs) Fixed() Fixed {
	r := a.resolve()
	network := none
	if r.Network != nil {
		network = strings.Join(slices.Concat(slices.Sorted(slices.Values(r.Network.SubnetIDs)), slices.Sorted(slices.Values(r.Network.SecurityGroupIDs))), ", ")
	}
	return Fixed{"Backup.Mode": r.Backup.Mode, "Network": network}
}

// Replacing are the faults of settings that would replace a delivery stream which has others. What is not known of it is no fault.
func (f Fixed) Replacing(deployed Fixed) fault.List {
	var faults fault.List
	for _, path := range slices.Sorted(maps.Keys(f)) {
		there, known := deployed[path]
		faults = append(faults, fault.When(known && there != f[path], fault.Fault{
			Path: path, Given: f[path], Nearest: there,
			Problem: fault.Problemf("would replace the delivery stream, which keeps this for life: what is in its buffer is lost, and what arrives meanwhile comes twice"),
		})...)
	}
	return faults
}
