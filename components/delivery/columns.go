package delivery

// DefaultColumns are the fields of a record as components/logging has Fluentd send it, and those of Istio's access log in JSON
// (istio.io/latest/docs/tasks/observability/logs/access-log). A record has some of them; the others are null.
//
// Numbers are columns of numbers only where Envoy always writes a number. It writes "-" for what is absent where the value
// is text, as with upstream_service_time, a header. Times are text: Athena's JSON readers do not read ISO 8601 as
// timestamps; from_iso8601_timestamp(start_time) does.
func DefaultColumns() []Column {
	return []Column{
		{Name: "event_id", Type: "string", Comment: "The same however often the event is sent"},
		{Name: "cluster", Type: "string", Comment: "Kubernetes cluster"},
		{Name: "namespace", Type: "string", Comment: "Kubernetes namespace"},
		{Name: "pod", Type: "string", Comment: "Kubernetes pod"},
		{Name: "truncated", Type: "boolean", Comment: "True where the event was cut, with its text in message"},
		{Name: "original_bytes", Type: "bigint", Comment: "Size before it was cut"},
		{Name: "time", Type: "string", Comment: "When the container wrote the line, ISO 8601"},
		{Name: "stream", Type: "string", Comment: "stdout or stderr"},
		{Name: "message", Type: "string", Comment: "The line, where it was not parsed"},
		{
			Name:    "kubernetes",
			Type:    "struct<pod_name:string,namespace_name:string,container_name:string,host:string,labels:map<string,string>>",
			Comment: "Where the line was written",
		},
		{Name: "start_time", Type: "string", Comment: "When the request began, ISO 8601 with milliseconds"},
		{Name: "method", Type: "string", Comment: "HTTP method"},
		{Name: "path", Type: "string", Comment: "Path with query"},
		{Name: "protocol", Type: "string", Comment: "HTTP version"},
		{Name: "response_code", Type: "int", Comment: "HTTP status; 0 where there was no response"},
		{Name: "response_flags", Type: "string", Comment: "Envoy's flags on what went wrong, or -"},
		{Name: "response_code_details", Type: "string", Comment: "Who set the status and why"},
		{Name: "connection_termination_details", Type: "string", Comment: "Why Envoy ended the connection"},
		{Name: "upstream_transport_failure_reason", Type: "string", Comment: "For instance a TLS failure"},
		{Name: "bytes_received", Type: "bigint", Comment: "Bytes of the request's body"},
		{Name: "bytes_sent", Type: "bigint", Comment: "Bytes of the response's body"},
		{Name: "duration", Type: "bigint", Comment: "Milliseconds from the request's start to the response's last byte"},
		{Name: "upstream_service_time", Type: "string", Comment: "Milliseconds that the upstream host took, or -"},
		{Name: "x_forwarded_for", Type: "string", Comment: "Client addresses by the header"},
		{Name: "user_agent", Type: "string", Comment: "Client by the header"},
		{Name: "request_id", Type: "string", Comment: "X-Request-ID"},
		{Name: "authority", Type: "string", Comment: "Host or :authority"},
		{Name: "upstream_host", Type: "string", Comment: "Address and port of the upstream host"},
		{Name: "upstream_cluster", Type: "string", Comment: "Envoy's cluster"},
		{Name: "upstream_local_address", Type: "string", Comment: "Envoy's own address towards the upstream host"},
		{Name: "downstream_local_address", Type: "string", Comment: "Envoy's own address towards the client"},
		{Name: "downstream_remote_address", Type: "string", Comment: "The client's address"},
		{Name: "requested_server_name", Type: "string", Comment: "SNI"},
		{Name: "route_name", Type: "string", Comment: "Envoy's route"},
	}
}
