package loggingspec

// FluentbitAgent is the agent on every node.
type FluentbitAgent struct {
	LoggingRef           string            `json:"loggingRef,omitzero"`
	InputTail            InputTail         `json:"inputTail,omitzero"`
	FilterKubernetes     FilterKubernetes  `json:"filterKubernetes,omitzero"`
	FilterModify         []FilterModify    `json:"filterModify,omitempty"`
	BufferStorage        BufferStorage     `json:"bufferStorage,omitzero"`
	PositionDB           Volume            `json:"positiondb,omitzero"`
	BufferStorageVolume  Volume            `json:"bufferStorageVolume,omitzero"`
	ForwardOptions       *ForwardOptions   `json:"forwardOptions,omitzero"`
	Network              *FluentbitNetwork `json:"network,omitzero"`
	GraceSeconds         int               `json:"grace,omitzero"`
	PodPriorityClassName string            `json:"podPriorityClassName,omitzero"`
	Tolerations          []Toleration      `json:"tolerations,omitempty"`
	Resources            Resources         `json:"resources,omitzero"`
	Metrics              *Metrics          `json:"metrics,omitzero"`
	BufferVolumeMetrics  *Metrics          `json:"bufferVolumeMetrics,omitzero"`
}

// InputTail is Fluent Bit's plugin that reads files.
type InputTail struct {
	StorageType                   string   `json:"storage.type,omitzero"`
	StoragePauseOnChunksOverlimit string   `json:"storage.pause_on_chunks_overlimit,omitzero"`
	MemBufLimit                   string   `json:"Mem_Buf_Limit,omitzero"`
	MultilineParser               []string `json:"multiline.parser,omitempty"`
	BufferChunkSize               string   `json:"Buffer_Chunk_Size,omitzero"`
	BufferMaxSize                 string   `json:"Buffer_Max_Size,omitzero"`
	SkipLongLines                 string   `json:"Skip_Long_Lines,omitzero"`
	ReadFromHead                  bool     `json:"Read_From_Head,omitzero"`
	RotateWait                    string   `json:"Rotate_Wait,omitzero"`
	RefreshInterval               string   `json:"Refresh_Interval,omitzero"`
	ExcludePath                   string   `json:"Exclude_Path,omitzero"`
}

// FilterKubernetes is Fluent Bit's filter that adds what Kubernetes knows of a pod.
type FilterKubernetes struct {
	MergeLog          string `json:"Merge_Log,omitzero"`
	Annotations       string `json:"Annotations,omitzero"`
	NamespaceLabels   string `json:"namespace_labels,omitzero"`
	K8SLoggingExclude string `json:"K8S-Logging.Exclude,omitzero"`
}

// FilterModify is Fluent Bit's filter that changes the fields of an event.
type FilterModify struct {
	Rules []FilterModifyRule `json:"rules,omitempty"`
}

// FilterModifyRule is one of the two.
type FilterModifyRule struct {
	Rename *KeyValue `json:"Rename,omitzero"`
	Remove *Key      `json:"Remove,omitzero"`
}

// KeyValue is a field and its new name.
type KeyValue struct {
	Key   string `json:"key,omitzero"`
	Value string `json:"value,omitzero"`
}

// Key is a field.
type Key struct {
	Key string `json:"key,omitzero"`
}

// BufferStorage is Fluent Bit's own buffer.
type BufferStorage struct {
	Path            string `json:"storage.path,omitzero"`
	MaxChunksUp     int    `json:"storage.max_chunks_up,omitzero"`
	BacklogMemLimit string `json:"storage.backlog.mem_limit,omitzero"`
	Metrics         string `json:"storage.metrics,omitzero"`
}

// ForwardOptions are of Fluent Bit's output to Fluentd.
type ForwardOptions struct {
	RequireAckResponse    bool   `json:"Require_ack_response,omitzero"`
	RetryLimit            string `json:"Retry_Limit,omitzero"`
	StorageTotalLimitSize string `json:"storage.total_limit_size,omitzero"`
}

// FluentbitNetwork is of Fluent Bit's connections.
type FluentbitNetwork struct {
	Keepalive                   bool `json:"keepalive,omitzero"`
	KeepaliveIdleTimeoutSeconds int  `json:"keepaliveIdleTimeout,omitzero"`
	KeepaliveMaxRecycle         int  `json:"keepaliveMaxRecycle,omitzero"`
}

// Metrics are of Fluent Bit, of Fluentd or of a volume.
type Metrics struct {
	Path            string `json:"path,omitzero"`
	ServiceMonitor  bool   `json:"serviceMonitor,omitzero"`
	PrometheusRules bool   `json:"prometheusRules,omitzero"`
}
