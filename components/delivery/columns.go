package delivery

// DefaultColumns are the fields of a record as Fluentd sends it from Kubernetes, and those of Istio's access log in JSON
// (istio.io/latest/docs/tasks/observability/logs/access-log). A record has some of them; the others are null.
//
// Numbers are columns of numbers only where Envoy always writes a number. It writes "-" for what is absent where the value
// is text, as with upstream_service_time, a header. Times are text: Athena's JSON readers do not read ISO 8601 as
// timestamps; from_iso8601_timestamp(start_time) does.
func DefaultColumns() []Column {
	return []Column{
		{"time", "string", "When the container wrote the line, ISO 8601"},
		{"stream", "string", "stdout or stderr"},
		{"message", "string", "The line, where it was not parsed"},
		{
			"kubernetes",
			"struct<pod_name:string,namespace_name:string,container_name:string,host:string,labels:map<string,string>>",
			"Where the line was written",
		},
		{"start_time", "string", "When the request began, ISO 8601 with milliseconds"},
		{"method", "string", "HTTP method"},
		{"path", "string", "Path with query"},
		{"protocol", "string", "HTTP version"},
		{"response_code", "int", "HTTP status; 0 where there was no response"},
		{"response_flags", "string", "Envoy's flags on what went wrong, or -"},
		{"response_code_details", "string", "Who set the status and why"},
		{"connection_termination_details", "string", "Why Envoy ended the connection"},
		{"upstream_transport_failure_reason", "string", "For instance a TLS failure"},
		{"bytes_received", "bigint", "Bytes of the request's body"},
		{"bytes_sent", "bigint", "Bytes of the response's body"},
		{"duration", "bigint", "Milliseconds from the request's start to the response's last byte"},
		{"upstream_service_time", "string", "Milliseconds that the upstream host took, or -"},
		{"x_forwarded_for", "string", "Client addresses by the header"},
		{"user_agent", "string", "Client by the header"},
		{"request_id", "string", "X-Request-ID"},
		{"authority", "string", "Host or :authority"},
		{"upstream_host", "string", "Address and port of the upstream host"},
		{"upstream_cluster", "string", "Envoy's cluster"},
		{"upstream_local_address", "string", "Envoy's own address towards the upstream host"},
		{"downstream_local_address", "string", "Envoy's own address towards the client"},
		{"downstream_remote_address", "string", "The client's address"},
		{"requested_server_name", "string", "SNI"},
		{"route_name", "string", "Envoy's route"},
	}
}
