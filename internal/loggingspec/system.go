package loggingspec

// Logging is Fluentd, with what it does to every event.
type Logging struct {
	LoggingRef       string       `json:"loggingRef,omitzero"`
	ControlNamespace string       `json:"controlNamespace,omitzero"`
	Fluentd          *Fluentd     `json:"fluentd,omitzero"`
	GlobalFilters    []Filter     `json:"globalFilters,omitempty"`
	ErrorOutputRef   string       `json:"errorOutputRef,omitzero"`
	DefaultFlow      *DefaultFlow `json:"defaultFlow,omitzero"`
}

// DefaultFlow is of what no flow takes.
type DefaultFlow struct {
	Filters          []Filter `json:"filters,omitempty"`
	GlobalOutputRefs []string `json:"globalOutputRefs,omitempty"`
}

// Fluentd is the StatefulSet of Fluentd.
type Fluentd struct {
	TLS                       FluentdTLS        `json:"tls"`
	Workers                   int               `json:"workers,omitzero"`
	Scaling                   *Scaling          `json:"scaling,omitzero"`
	DisruptionBudget          *DisruptionBudget `json:"pdb,omitzero"`
	TopologySpreadConstraints []TopologySpread  `json:"topologySpreadConstraints,omitempty"`
	BufferStorageVolume       Volume            `json:"bufferStorageVolume,omitzero"`
	RootDir                   string            `json:"rootDir,omitzero"`
	PodPriorityClassName      string            `json:"podPriorityClassName,omitzero"`
	Resources                 Resources         `json:"resources,omitzero"`
	ServiceAccount            *ServiceAccount   `json:"serviceAccount,omitzero"`
	Metrics                   *Metrics          `json:"metrics,omitzero"`
	BufferVolumeMetrics       *Metrics          `json:"bufferVolumeMetrics,omitzero"`
}

// FluentdTLS is of the connections from agents. Enabled has to be there.
type FluentdTLS struct {
	Enabled bool `json:"enabled"`
}

// Scaling is how many pods there are, and what becomes of the volumes of those that are no longer wanted.
type Scaling struct {
	Replicas int   `json:"replicas,omitzero"`
	Drain    Drain `json:"drain,omitzero"`
}

// Drain empties volumes.
type Drain struct {
	Enabled bool `json:"enabled,omitzero"`
}

// DisruptionBudget is how many pods may be away.
type DisruptionBudget struct {
	MaxUnavailable int `json:"maxUnavailable,omitzero"`
}
