package loggingspec

// Kubernetes' own names and values.
const (
	// CPU is a resource of a container.
	CPU = "cpu"
	// Memory is a resource of a container.
	Memory = "memory"
	// Storage is the resource of a volume.
	Storage = "storage"

	// DirectoryOrCreate makes a host path where there is none.
	DirectoryOrCreate = "DirectoryOrCreate"
	// ReadWriteOnce is the access mode of a volume that one node mounts.
	ReadWriteOnce = "ReadWriteOnce"
	// Exists is the operator of a toleration of every taint.
	Exists = "Exists"
	// ScheduleAnyway makes a topology spread a wish.
	ScheduleAnyway = "ScheduleAnyway"

	// HostnameLabel is the label of a node that tells nodes apart.
	HostnameLabel = "kubernetes.io/hostname"
	// ZoneLabel is the label of a node that tells zones apart.
	ZoneLabel = "topology.kubernetes.io/zone"
)

// Volume is one of the two.
type Volume struct {
	HostPath *HostPath `json:"hostPath,omitzero"`
	Claim    *Claim    `json:"pvc,omitzero"`
}

// HostPath is a folder of the node.
type HostPath struct {
	Path string `json:"path,omitzero"`
	Type string `json:"type,omitzero"`
}

// Claim is a PersistentVolumeClaim.
type Claim struct {
	Spec ClaimSpec `json:"spec,omitzero"`
}

// ClaimSpec is what is claimed.
type ClaimSpec struct {
	AccessModes      []string  `json:"accessModes,omitempty"`
	Resources        Resources `json:"resources,omitzero"`
	StorageClassName string    `json:"storageClassName,omitzero"`
}

// Resources are quantities by the resource's name.
type Resources struct {
	Requests map[string]string `json:"requests,omitempty"`
	Limits   map[string]string `json:"limits,omitempty"`
}

// Toleration is of taints.
type Toleration struct {
	Operator string `json:"operator,omitzero"`
}

// TopologySpread spreads pods over the values of a node's label.
type TopologySpread struct {
	MaxSkew           int           `json:"maxSkew,omitzero"`
	TopologyKey       string        `json:"topologyKey,omitzero"`
	WhenUnsatisfiable string        `json:"whenUnsatisfiable,omitzero"`
	LabelSelector     LabelSelector `json:"labelSelector,omitzero"`
}

// LabelSelector selects what has all these labels.
type LabelSelector struct {
	MatchLabels map[string]string `json:"matchLabels,omitempty"`
}

// ServiceAccount is what is added to the operator's ServiceAccount.
type ServiceAccount struct {
	Metadata Metadata `json:"metadata,omitzero"`
}

// Metadata is what is added to the operator's metadata.
type Metadata struct {
	Annotations map[string]string `json:"annotations,omitempty"`
}
