package stacks

import (
	"time"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/capacity"
)

// Config is everything that an environment decides, checked and with defaults applied. Each section is declared, checked
// and made into args in the file of its name.
type Config struct {
	Accounts Accounts
	Load     capacity.Load
	// StreamOutage and FluentdOutage are how long Kinesis and Fluentd may be away before a log is lost.
	StreamOutage, FluentdOutage time.Duration

	Stream    streamConfig
	Delivery  deliveryConfig
	Lake      lakeConfig
	Metrics   metricsConfig
	Batch     batchConfig
	Query     queryConfig
	Dashboard dashboardConfig
	Search    searchConfig
	Access    accessConfig
	Logging   loggingConfig
	Events    logging.Events
	Clusters  []clusterConfig
	// Flows have one of everything where none is given.
	Flows []flowConfig

	NamePrefix, Kubeconfig, EmulatorEndpoint string
	Tags                                     map[string]string
	Protect, ForceDestroy                    bool

	// Warehouse is always made with the lake.
	Warehouse warehouseConfig

	// Plan is the capacity that the load needs, with the user's own choices in it.
	Plan capacity.Plan
	// ModeReason says why a computed capacity mode is PROVISIONED; otherwise it is empty.
	ModeReason string
	// Warnings are what works at a price, each with its full key.
	Warnings []string
}
