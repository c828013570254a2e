package producer

import (
	"fmt"
	"strconv"
	"time"
)

// AccessLog is a line of Istio's JSON access log, of a request that began at that time.
func (s *Source) AccessLog(began time.Time) (Record, error) {
	app := pick(s.random, "cart", "checkout", "catalog", "payments")
	return s.record(container{"shop", app, "istio-proxy"}, s.accessFields(app, began), began)
}

// accessFields are the fields that Istio writes.
func (s *Source) accessFields(app string, began time.Time) map[string]any {
	s.made++
	code := pick(s.random, 200, 200, 200, 201, 204, 304, 404, 503)
	fields := map[string]any{
		"start_time": began.Format("2006-01-02T15:04:05.000Z"),
		"method":     pick(s.random, "GET", "GET", "POST", "PUT"),
		"path":       pick(s.random, "/", "/api/v1/items/17?sort=price", "/api/v1/café/ü"),
		"protocol":   pick(s.random, "HTTP/1.1", "HTTP/2"), "response_code": code, "response_flags": "-",
		"response_code_details": "via_upstream", "connection_termination_details": nil,
		"upstream_transport_failure_reason": nil,
		"bytes_received":                    s.random.IntN(4096), "bytes_sent": s.random.IntN(1 << 16),
		"duration": s.random.IntN(2000), "upstream_service_time": strconv.Itoa(s.random.IntN(2000)),
		"x_forwarded_for": "10.0.3.7", "user_agent": "Mozilla/5.0 (X11; Linux x86_64) \"quoted\"",
		"request_id":             fmt.Sprintf("%08x-0000-4000-8000-%012x", s.random.Uint32(), s.made),
		"authority":              app + ".shop.example",
		"upstream_host":          "10.0.1.9:8080",
		"upstream_cluster":       fmt.Sprintf("inbound|8080||%s.shop.svc.cluster.local", app),
		"upstream_local_address": "127.0.0.6:44321", "downstream_local_address": "10.0.1.9:8080",
		"downstream_remote_address": "10.0.3.7:0", "requested_server_name": nil, "route_name": "default",
	}
	if code == 503 {
		fields["response_flags"], fields["upstream_service_time"] = "UH", "-"
		fields["upstream_transport_failure_reason"] = "delayed connect error: 111"
	}
	return fields
}

// users is how many take part in the product events.
const users = 200

// ProductEvent is an event that an application writes as a line of its log: see the default metric spec. The clock is the
// user's device's, the container's runtime writes the line at its own time.
func (s *Source) ProductEvent(happened, written time.Time) (Record, error) {
	s.made++
	return s.record(container{"shop", "storefront", "app"}, map[string]any{
		"event_time": happened.Format("2006-01-02T15:04:05.000Z07:00"),
		"event_type": pick(s.random, "view", "view", "view", "search", "add_to_cart", "participate"),
		"user_id":    fmt.Sprintf("u-%d", s.random.IntN(users)),
		"sequence":   s.made,
	}, written)
}
